/**
 * Stands in for ip-address in the bundle, of which only the package socks uses a little: it would take 8 kB of the .vsix. Node.js
 * reads addresses itself.
 */
const GROUPS = 8

export class Address4 {
  #address
  /** @param {string} address */
  constructor(address) {
    this.#address = address
  }

  toArray() {
    return this.#address.split('.').map(Number)
  }
}

export class Address6 {
  #groups

  /** @param {string} address */
  constructor(address) {
    // URLs have no zones, and have the shortest form: without IPv4, and with `::` for at least two zeros.
    const { hostname } = new URL(`http://[${address.replace(/%.*/, '')}]`)
    const [head = [], tail = []] = hostname
      .slice(1, -1)
      .split('::')
      .map((part) => part.split(':').filter((group) => group !== ''))
    const zeros = Array(GROUPS - head.length - tail.length).fill('0')
    this.#groups = [...head, ...zeros, ...tail]
  }

  /** @param {readonly number[]} bytes */
  static fromByteArray(bytes) {
    return new Address6(
      Buffer.from(bytes)
        .toString('hex')
        .replace(/....(?!$)/g, '$&:'),
    )
  }

  /** All groups, each with four digits. */
  canonicalForm() {
    return this.#groups.map((group) => group.padStart(4, '0')).join(':')
  }
}
