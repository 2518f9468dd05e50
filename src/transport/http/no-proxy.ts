/**
 * Lists of hosts that are reached without a proxy. No standard defines their form; this one follows curl and VS Code.
 */
import net from 'node:net'

/**
 * Whether a NO_PROXY list contains the host. An entry is `host` or `.host`, which include its subdomains, `*.host` for
 * the subdomains only, an address, a range of addresses (`10.0.0.0/8`), or `*`. An entry with `:port` applies to that
 * port only. `hostname` and `port` are those of a URL, so an IPv6 address has brackets.
 */
export function isListed(hostname: string, port: string, list: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '')
  const address = name.replace(/^\[(.*)\]$/, '$1')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .map(parseEntry)
    .some(({ host, onlyPort }) => {
      if (host === '' || (onlyPort !== undefined && onlyPort !== port)) return false
      return net.isIP(address) === 0 ? namesHost(host, name) : host === '*' || namesAddress(host, address)
    })
}

function parseEntry(entry: string): { readonly host: string; readonly onlyPort: string | undefined } {
  // An IPv6 address with a port has brackets; without them, its last number is not a port.
  const [, bracketed, plain, onlyPort] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? []
  return { host: bracketed ?? plain ?? entry, onlyPort }
}

function namesHost(entry: string, name: string): boolean {
  if (entry.startsWith('*')) return name.endsWith(entry.slice(1))
  const domain = entry.replace(/^\./, '')
  return domain !== '' && (name === domain || name.endsWith(`.${domain}`))
}

function namesAddress(entry: string, address: string): boolean {
  const [first = '', bits] = entry.split('/')
  const family = familyOf(first)
  if (family === undefined || familyOf(address) !== family) return false
  const longest = family === 'ipv4' ? 32 : 128
  const prefix = bits === undefined ? longest : Number(bits)
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > longest) return false
  const range = new net.BlockList()
  range.addSubnet(first, prefix, family)
  return range.check(address, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = net.isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}
