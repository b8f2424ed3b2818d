const weighted = (digits, weights) => weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);

exports.luhn = function luhn(digits) {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
};

exports.lanr = (digits) => (10 - (weighted(digits.slice(0, 6), [4, 9, 4, 9, 4, 9]) % 10)) % 10 === Number(digits[6]);
exports.npi = (digits) => exports.luhn(`80840${digits}`);
exports.aba = (digits) => /^0[1-9]/.test(digits) && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
exports.mod11Nhs = (digits) =>
  weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 && !/^(\d)\1+$/.test(digits);
exports.dea = (code) => weighted(code.slice(2), [1, 2, 1, 2, 1, 2]) % 10 === Number(code[8]);
exports.medicare = (digits) => weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8]);

exports.nric = (code) => "JZIHGFEDCBA"[weighted(code.slice(1), [2, 7, 6, 5, 4, 3, 2]) % 11] === code[8];

exports.kvnr = function kvnr(code) {
  const digits = String(code.charCodeAt(0) - 64).padStart(2, "0") + code.slice(1, 9);
  const sum = [...digits].reduce((total, digit, at) => {
    const product = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return sum % 10 === Number(code[9]);
};
