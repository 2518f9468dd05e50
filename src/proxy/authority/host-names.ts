/** Domains and addresses in certificates: names (RFC 5280 section 4.2.1.6) and constraints for them (section 4.2.1.10). */
import { isIP } from 'node:net'
import { contextTag, element, elementsIn, sequence } from './der.ts'

/** Kinds of GeneralName. */
const DOMAIN = contextTag(2, 'primitive')
const ADDRESS = contextTag(7, 'primitive')
/** Of NameConstraints. */
const PERMITTED = contextTag(0, 'constructed')
const EXCLUDED = contextTag(1, 'constructed')

const IPV4_BYTES = 4
const IPV6_BYTES = 16

/** The name of a host: of a domain, or of an address of IPv4 or IPv6. */
export function alternativeName(host: string): Buffer {
  return isIP(host) === 0 ? element(DOMAIN, [Buffer.from(host)]) : element(ADDRESS, [addressBytes(host)])
}

/**
 * Allows the hosts only, and what is below them. Names of a kind that no host has are not allowed: without a constraint for it,
 * each name of the kind would be.
 */
export function nameConstraints(hosts: readonly string[]): Buffer {
  const kinds = hosts.map((host) => isIP(host))
  const permitted = hosts.map((host) =>
    isIP(host) === 0 ? alternativeName(host) : subnet(addressBytes(host), 0xff),
  )
  const excluded = [
    ...(kinds.includes(0) ? [] : [alternativeName('')]),
    ...(kinds.some((kind) => kind !== 0)
      ? []
      : [IPV4_BYTES, IPV6_BYTES].map((size) => subnet(Buffer.alloc(size), 0))),
  ]
  return sequence([
    subtrees(PERMITTED, permitted),
    ...(excluded.length > 0 ? [subtrees(EXCLUDED, excluded)] : []),
  ])
}

/** The hosts that constraints allow. Throws a `TypeError` if they are not DER. */
export function constrainedHosts(constraints: Buffer): string[] {
  const [list] = elementsIn(constraints)
  const permitted = elementsIn(list?.contents ?? constraints).find(({ tag }) => tag === PERMITTED)
  return elementsIn(permitted?.contents ?? Buffer.alloc(0)).flatMap(({ contents }) => {
    const [base] = elementsIn(contents)
    if (base?.tag === DOMAIN) return [base.contents.toString('latin1')]
    return base?.tag === ADDRESS ? [addressOf(base.contents.subarray(0, base.contents.length / 2))] : []
  })
}

function subtrees(tag: number, bases: readonly Buffer[]): Buffer {
  return element(
    tag,
    bases.map((base) => sequence([base])),
  )
}

/** An address, and a mask that repeats one byte. */
function subnet(address: Buffer, mask: number): Buffer {
  return element(ADDRESS, [address, Buffer.alloc(address.length, mask)])
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  const [head = [], tail = []] = shortest(address)
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = Array<string>(IPV6_BYTES / 2 - head.length - tail.length).fill('0')
  return Buffer.from([...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex')
}

function addressOf(bytes: Buffer): string {
  if (bytes.length === IPV4_BYTES) return bytes.join('.')
  return shortest(bytes.toString('hex').replace(/....(?!$)/g, '$&:'))
}

/** An address of IPv6 as URLs have it. */
function shortest(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1)
}
