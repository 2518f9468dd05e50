/** Distinguished Encoding Rules of ASN.1 (ITU-T X.690), as far as our certificates need them. */

/** Universal tags (X.680 section 8.4), with the bit of constructed types where they are such. */
const BOOLEAN = 0x01
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const OBJECT_IDENTIFIER = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18
const SEQUENCE = 0x30
const SET = 0x31

/** An encoded value: its tag, and its contents. */
export interface Element {
  readonly tag: number
  readonly contents: Buffer
  /** The tag and the length too. */
  readonly bytes: Buffer
}

/** Encodes a value. Its contents are one after another. */
export function element(tag: number, contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, each) => sum + each.length, 0)
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(length)]), ...contents])
}

export function sequence(contents: readonly Uint8Array[]): Buffer {
  return element(SEQUENCE, contents)
}

export function set(contents: readonly Uint8Array[]): Buffer {
  return element(SET, contents)
}

/** The tag of a type in its context (X.680 section 31): of a primitive one, or of a constructed one. */
export function contextTag(number: number, form: 'primitive' | 'constructed'): number {
  return number | (form === 'primitive' ? 0x80 : 0xa0)
}

/** Encodes `true`. DER leaves out a `false` that is the default. */
export function yes(): Buffer {
  return element(BOOLEAN, [Buffer.from([0xff])])
}

/** Encodes a number that is not negative, given by its bytes, the most significant first. */
export function unsigned(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0)
  const significant = start === -1 ? Buffer.alloc(1) : bytes.subarray(start)
  const isNegative = (significant[0] ?? 0) >= 0x80
  return element(INTEGER, [Buffer.alloc(isNegative ? 1 : 0), significant])
}

/** Encodes a bit string. Its last byte may have unused bits at the end. */
export function bitString(bytes: Uint8Array, unused = 0): Buffer {
  return element(BIT_STRING, [Buffer.from([unused]), bytes])
}

export function octetString(bytes: Uint8Array): Buffer {
  return element(OCTET_STRING, [bytes])
}

/** Encodes an object identifier, given as `1.2.840` (X.690 section 8.19). */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number)
  return element(OBJECT_IDENTIFIER, [Buffer.from([first * 40 + second, ...others].flatMap(base128))])
}

export function utf8String(text: string): Buffer {
  return element(UTF8_STRING, [Buffer.from(text)])
}

/** Encodes a time in whole seconds, in the type that certificates must have for its year (RFC 5280 section 4.1.2.5). */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\.\d+|[^\dZ]/g, '')
  const isShort = date.getUTCFullYear() < 2050
  return element(isShort ? UTC_TIME : GENERALIZED_TIME, [Buffer.from(isShort ? digits.slice(2) : digits)])
}

/** The values that are one after another in the contents of a constructed type. Throws a `TypeError` if they are not DER. */
export function elementsIn(contents: Buffer): Element[] {
  const elements: Element[] = []
  let at = 0
  while (at < contents.length) {
    const { start, end } = boundsAt(contents, at)
    elements.push({
      tag: contents[at] ?? 0,
      contents: contents.subarray(start, end),
      bytes: contents.subarray(at, end),
    })
    at = end
  }
  return elements
}

/** Where the contents of the value at an offset start and end. */
function boundsAt(bytes: Buffer, at: number): { readonly start: number; readonly end: number } {
  const first = bytes[at + 1] ?? 0
  const octets = first < 0x80 ? 0 : first - 0x80
  const start = at + 2 + octets
  // The lengths of certificates need two octets; none begins with the indefinite form.
  const isKnown = ((bytes[at] ?? 0) & 0x1f) !== 0x1f && first !== 0x80 && octets <= 4 && start <= bytes.length
  const end = isKnown ? start + (octets === 0 ? first : bytes.readUIntBE(at + 2, octets)) : Number.NaN
  if (end <= bytes.length) return { start, end }
  throw new TypeError('It is not DER.')
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets = [...bigEndian(length, 0x100)]
  return [0x80 + octets.length, ...octets]
}

/** The digits of a component of an object identifier; all but the last have the highest bit. */
function base128(component: number): number[] {
  const digits = bigEndian(component, 0x80)
  return digits.map((digit, index) => (index < digits.length - 1 ? digit + 0x80 : digit))
}

function bigEndian(value: number, base: number): number[] {
  return value < base ? [value] : [...bigEndian(Math.floor(value / base), base), value % base]
}
