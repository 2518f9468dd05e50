/** Where a recorded URL is at the peer of a replay. */
import { MASK, maskUrl } from '../../shared/secrets.ts'
import { protocolIn, type SchemeFamily } from '../../shared/transports.ts'

/** A URL of the recording, and the same with the ids of the live peer. */
interface RecordedUrl {
  readonly recorded: string
  readonly live: string
}

/**
 * The URL at the origin of `peer`. `peer` itself stands for `first`, the URL with which the recording begins. Parameters with
 * recorded secrets are left out.
 */
export function urlAtPeer(
  peer: string,
  { recorded, live }: RecordedUrl,
  first: string | undefined,
  family: SchemeFamily,
): string {
  const url = new URL(peer)
  url.protocol = protocolIn(family, url.protocol)
  if (recorded === first || !URL.canParse(live)) return url.href
  const { pathname, search } = new URL(live)
  url.pathname = pathname
  url.search = withoutSecrets(search, URL.canParse(recorded) ? new URL(recorded).search : search)
  return url.href
}

/** The names of the parameters of a URL with secrets. */
export function secretParameters(url: string): readonly string[] {
  if (!URL.canParse(url)) return []
  return partsOf(new URL(url).search)
    .filter(isSecret)
    .map((part) => part.split('=')[0] ?? part)
}

/** The parameters of a query without those whose recorded values are secret. */
function withoutSecrets(live: string, recorded: string): string {
  const before = partsOf(recorded)
  return partsOf(live)
    .filter((part, at) => part !== before[at] || !isSecret(part))
    .join('&')
}

function partsOf(search: string): string[] {
  return search.slice(1).split('&')
}

function isSecret(part: string): boolean {
  return maskUrl(`?${part}`).includes(MASK)
}
