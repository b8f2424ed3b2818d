/** The check digit of ICAO Doc 9303: letters count from 10, weights 7, 3, 1 in turn. */
export function icaoDigit(code: string): number {
  const sum = [...code].reduce(
    (total, character, place) => total + parseInt(character, 36) * ([7, 3, 1][place % 3] ?? 0),
    0,
  );
  return sum % 10;
}
