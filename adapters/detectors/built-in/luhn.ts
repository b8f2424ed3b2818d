/** Whether the ASCII digits of `[start, end)` pass the check-digit sum of ISO/IEC 7812-1, annex B; what stands between them does not count. */
export function passesLuhn(text: string, start = 0, end = text.length): boolean {
  let sum = 0;
  let doubles = false;
  for (let at = end - 1; at >= start; at--) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) continue;
    const doubled = digit * 2;
    sum += doubles ? (doubled > 9 ? doubled - 9 : doubled) : digit;
    doubles = !doubles;
  }
  return sum % 10 === 0;
}
