/** As much of ip-address as socks uses. */
export class Address4 {
  constructor(address: string)
  toArray(): number[]
}
export class Address6 {
  constructor(address: string)
  static fromByteArray(bytes: readonly number[]): Address6
  canonicalForm(): string
}
