/**
 * XML as XMPP restricts it (section 11.1 of RFC 6120): elements, attributes, text, CDATA and predefined entities. The
 * project's own parser, `ltx`, takes quadratic time for text without an end; tests compare with it.
 */

export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Elements and text. */
  readonly children: readonly (XmlElement | string)[]
}

/** Stanzas have a few levels. */
const MAX_DEPTH = 200
const MAX_ELEMENTS = 100_000
/** A name, and what is skipped before it. Sticky, as the others, so that a scan never looks back. */
const NAME = /[^\s<>/='"&]+/y
const SPACE = /\s*/y
const VALUE = /\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const CDATA = '<![CDATA['
const CDATA_END = ']]>'
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

interface Open {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: (XmlElement | string)[]
}

/** The elements of a text. White space between them is skipped. */
export function parseXml(text: string): XmlElement[] {
  return new Scanner(text).elements()
}

class Scanner {
  readonly #text: string
  readonly #root: XmlElement[] = []
  readonly #open: Open[] = []
  #at = 0
  #count = 0

  constructor(text: string) {
    this.#text = text
  }

  elements(): XmlElement[] {
    while (this.#at < this.#text.length) {
      const tag = this.#text.indexOf('<', this.#at)
      if (tag !== this.#at) this.#addText(unescapedXml(this.#text.slice(this.#at, tag < 0 ? undefined : tag)))
      if (tag < 0) break
      this.#at = tag
      if (this.#text.startsWith(CDATA, tag)) this.#cdata()
      else if (this.#text[tag + 1] === '/') this.#endTag()
      else this.#startTag()
    }
    if (this.#open.length > 0)
      throw new Error(`The element ${this.#open.at(-1)?.name} of the XML is not closed.`)
    return this.#root
  }

  #addText(text: string): void {
    const parent = this.#open.at(-1)
    if (parent !== undefined) parent.children.push(text)
    else if (text.trim() !== '') throw new Error('The message is not an XML element.')
  }

  #cdata(): void {
    const end = this.#text.indexOf(CDATA_END, this.#at)
    if (end < 0) throw new Error('A CDATA section of the XML is not closed.')
    this.#addText(this.#text.slice(this.#at + CDATA.length, end))
    this.#at = end + CDATA_END.length
  }

  #endTag(): void {
    this.#at += 2
    const name = this.#match(NAME)?.[0]
    this.#match(SPACE)
    const element = this.#open.pop()
    if (this.#text[this.#at] !== '>' || element === undefined || element.name !== name)
      throw new Error('An end tag of the XML does not fit its start tag.')
    this.#at++
    this.#close(element)
  }

  #startTag(): void {
    this.#at++
    const name = this.#match(NAME)?.[0]
    if (name === undefined || name.startsWith('!') || name.startsWith('?'))
      throw new Error('The message has XML that XMPP does not allow.')
    if (++this.#count > MAX_ELEMENTS) throw new Error(`The XML has more than ${MAX_ELEMENTS} elements.`)
    const element: Open = { name, attributes: Object.fromEntries(this.#attributes()), children: [] }
    const isEmpty = this.#text[this.#at] === '/'
    if (isEmpty) this.#at++
    if (this.#text[this.#at] !== '>') throw new Error(`The start tag ${name} of the XML is not closed.`)
    this.#at++
    if (isEmpty) this.#close(element)
    else if (this.#open.push(element) > MAX_DEPTH)
      throw new Error(`The XML is nested more than ${MAX_DEPTH} levels deep.`)
  }

  *#attributes(): Iterable<[string, string]> {
    for (;;) {
      this.#match(SPACE)
      const name = this.#match(NAME)?.[0]
      if (name === undefined) return
      const value = this.#match(VALUE)
      if (value === null)
        throw new Error(`The attribute ${name.slice(0, 100)} of the XML does not have a value.`)
      yield [name, unescapedXml(value[1] ?? value[2] ?? '')]
    }
  }

  #close(element: Open): void {
    const parent = this.#open.at(-1)
    if (parent === undefined) this.#root.push(element)
    else parent.children.push(element)
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match !== null) this.#at += match[0].length
    return match
  }
}

/** The text without its entities. */
export function unescapedXml(text: string): string {
  return text.includes('&') ? text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,10}));/gi, entity) : text
}

function entity(whole: string, decimal?: string, hexadecimal?: string, name = ''): string {
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
  if (code <= 0x10ffff) return String.fromCodePoint(code)
  return (Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined) ?? whole
}
