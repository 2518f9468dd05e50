/** The options of curl. To take one over, give it an action in `requests.ts`. */

/** Options with a value: by their long names, with their letters. */
const WITH_VALUE =
  'abstract-unix-socket alt-svc aws-sigv4 cacert capath E:cert cert-type ciphers K:config connect-timeout connect-to ' +
  'C:continue-at b:cookie c:cookie-jar create-file-mode crlfile curves d:data data-ascii data-binary data-raw ' +
  'data-urlencode delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url D:dump-header ech engine ' +
  'etag-compare etag-save expect100-timeout F:form form-string happy-eyeballs-timeout-ms haproxy-clientip H:header ' +
  'h:help hsts interface ip-tos ipfs-gateway json keepalive-cnt keepalive-time key key-type libcurl limit-rate ' +
  'local-port login-options max-filesize max-redirs m:max-time netrc-file noproxy oauth2-bearer o:output output-dir ' +
  'parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir x:proxy proxy-cacert proxy-cert proxy-header ' +
  'proxy-key proxy-pass U:proxy-user proxy1.0 Q:quote random-file r:range rate e:referer X:request request-target ' +
  'resolve retry retry-delay retry-max-time service-name sigalgs socks4 socks4a socks5 socks5-hostname Y:speed-limit ' +
  'y:speed-time stderr z:time-cond tls-max tls13-ciphers tlspassword tlsuser trace trace-ascii trace-config ' +
  'unix-socket T:upload-file url url-query u:user A:user-agent variable vlan-priority w:write-out'

/** Options without a value that change the request. */
const SWITCHES =
  'anyauth basic digest G:get I:head 0:http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only k:insecure ' +
  'location-trusted negotiate n:netrc netrc-optional ntlm path-as-is ssl-reqd 1:tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3'

/** Options that only change what curl prints and keeps, or what happens here anyway. */
const WITHOUT_EFFECT =
  'a:append compressed create-dirs q:disable f:fail fail-early fail-with-body g:globoff i:include 4:ipv4 6:ipv6 L:location ' +
  'N:no-buffer no-progress-meter no-keepalive no-alpn Z:parallel #:progress-bar J:remote-header-name O:remote-name ' +
  'remote-name-all R:remote-time S:show-error s:silent styled-output ssl-no-revoke tcp-nodelay v:verbose ' +
  'http1.1 0:http1.0 basic cert-type key-type cookie-jar dump-header output output-dir write-out stderr trace trace-ascii ' +
  'limit-rate max-redirs retry retry-delay retry-max-time keepalive-time create-file-mode'

interface CurlOption {
  readonly name: string
  readonly hasValue: boolean
}

function rows(list: string): readonly (readonly [name: string, letter: string])[] {
  return list.split(' ').map((row) => {
    const [first = '', name] = row.split(':')
    return name === undefined ? [first, ''] : [name, first]
  })
}

const BY_NAME = new Map<string, CurlOption>()
const BY_LETTER = new Map<string, CurlOption>()
for (const [list, hasValue] of [
  [WITHOUT_EFFECT, false],
  [SWITCHES, false],
  [WITH_VALUE, true],
] as const)
  for (const [name, letter] of rows(list)) {
    const option = { name, hasValue }
    BY_NAME.set(name, option)
    if (letter !== '') BY_LETTER.set(letter, option)
  }

const SILENT: ReadonlySet<string> = new Set(rows(WITHOUT_EFFECT).map(([name]) => name))

/** Whether an option need not be mentioned if it is left out. */
export function isWithoutEffect(name: string): boolean {
  return SILENT.has(name)
}

/** A part of a command line, in its order. */
export type CurlPart =
  | { readonly kind: 'url'; readonly value: string }
  | { readonly kind: 'option'; readonly name: string; readonly value: string; readonly isKnown: boolean }

/** What the words after `curl` say. */
export function curlParts(words: readonly string[]): CurlPart[] {
  const parts: CurlPart[] = []
  let at = 0
  const take = () => words[at++] ?? ''
  const push = (name: string, value: string, isKnown = true) =>
    parts.push({ kind: 'option', name, value, isKnown })
  let onlyUrls = false
  while (at < words.length) {
    const word = take()
    if (onlyUrls || !word.startsWith('-') || word === '-') parts.push({ kind: 'url', value: word })
    else if (word === '--') onlyUrls = true
    else if (word.startsWith('--')) {
      const name = word.slice(2)
      const option = BY_NAME.get(name) ?? BY_NAME.get(name.replace(/^no-/, ''))
      push(name, option?.hasValue === true ? take() : '', option !== undefined)
    } else {
      for (let i = 1; i < word.length; i++) {
        const letter = word.charAt(i)
        const option = BY_LETTER.get(letter)
        const rest = word.slice(i + 1)
        if (option?.hasValue !== true) push(option?.name ?? `-${letter}`, '', option !== undefined)
        else {
          push(option.name, rest === '' ? take() : rest)
          break
        }
      }
    }
  }
  return parts
}
