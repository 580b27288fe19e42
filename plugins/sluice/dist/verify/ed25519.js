/**
 * Checking an Ed25519 public key once, when it is configured.
 *
 * Owns: refusing keys under which anybody can sign. Under a key of small order OpenSSL 3.0 (seen with 3.0.19) verifies
 * forged signatures, for some keys on every message; 3.5.8 refuses them itself. Never: signatures; those are node's.
 * Curve and names: https://www.rfc-editor.org/rfc/rfc8032#section-5.1
 */
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
/** -121665/121666 and the square root of -1, both modulo P. */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const SQRT_MINUS_1 = 19681161376707505956807079304988542015446066515923890162744021073123829784752n;
/**
 * True for the canonical encoding of a point other than zero in the group of prime order: what every honest key is.
 * Not constant time, and need not be: the key is public.
 */
export function isSafePublicKey(raw) {
    const point = parsePoint(raw);
    if (point === undefined || isZero(point))
        return false;
    // L times the point is zero only without a part of small order.
    return isZero(multiply(point, L));
}
function parsePoint(raw) {
    if (raw.length !== 32)
        return undefined;
    let encoded = 0n;
    for (const byte of Buffer.from(raw).toReversed())
        encoded = (encoded << 8n) | BigInt(byte);
    const y = encoded & (2n ** 255n - 1n);
    const odd = encoded >> 255n;
    if (y >= P)
        return undefined;
    const u = mod(y * y - 1n);
    const v = mod(D * y * y + 1n);
    let x = mod(u * v ** 3n * power(mod(u * v ** 7n), (P - 5n) / 8n));
    if (mod(v * x * x) !== u)
        x = mod(x * SQRT_MINUS_1);
    if (mod(v * x * x) !== u)
        return undefined;
    // A "negative zero" x (RFC 8032, 5.1.3, 4) needs no look: both points with x = 0 are of small order.
    if ((x & 1n) !== odd)
        x = mod(-x);
    return { X: x, Y: y, Z: 1n, T: mod(x * y) };
}
function add(a, b) {
    const A = mod((a.Y - a.X) * (b.Y - b.X));
    const B = mod((a.Y + a.X) * (b.Y + b.X));
    const C = mod(2n * a.T * b.T * D);
    const Z = mod(2n * a.Z * b.Z);
    const [E, F, G, H] = [B - A, Z - C, Z + C, B + A];
    return { X: mod(E * F), Y: mod(G * H), Z: mod(F * G), T: mod(E * H) };
}
function multiply(point, times) {
    let sum = { X: 0n, Y: 1n, Z: 1n, T: 0n };
    for (let rest = times, step = point; rest > 0n; rest >>= 1n, step = add(step, step)) {
        if (rest & 1n)
            sum = add(sum, step);
    }
    return sum;
}
function isZero(point) {
    return point.X === 0n && point.Y === point.Z;
}
function mod(a) {
    const rest = a % P;
    return rest < 0n ? rest + P : rest;
}
function power(base, exponent) {
    let result = 1n;
    for (let rest = exponent, square = mod(base); rest > 0n; rest >>= 1n, square = mod(square * square)) {
        if (rest & 1n)
            result = mod(result * square);
    }
    return result;
}
