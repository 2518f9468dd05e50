/** The host of a URL as a variable, so that the request also runs in other environments. */

export interface NamedValue {
  readonly name: string
  readonly value: string
}

export interface OriginVariable {
  readonly name: string
  /** The part of the URL that the variable stands for. */
  readonly text: string
  /** The URL with `{{name}}` in its place. */
  readonly url: string
}

/** The variable that is the longest beginning of the URL: its origin, with or without the scheme. */
export function originVariable(url: string, variables: Iterable<NamedValue>): OriginVariable | undefined {
  const [, scheme = '', userinfo = '', host = ''] = /^([a-z]+:\/\/)([^/?#@]*@)?([^/?#]+)/i.exec(url) ?? []
  if (host === '') return undefined
  const places = [
    ...(userinfo === '' ? [{ at: 0, text: scheme + host }] : []),
    { at: scheme.length + userinfo.length, text: host },
    { at: scheme.length + userinfo.length, text: host.replace(/:\d+$/, '') },
  ]
  const known = [...variables]
  for (const { at, text } of places) {
    const variable = known.find(({ value }) => value === text)
    if (variable === undefined) continue
    const { name } = variable
    return { name, text, url: `${url.slice(0, at)}{{${name}}}${url.slice(at + text.length)}` }
  }
  return undefined
}
