/**
 * Reads `.bru` files: blocks of pairs, of text, and of items. Bruno's own parser, `@usebruno/lang`, has 300 kB when it is
 * bundled; the tests compare both.
 */
import { Failure } from '../../../shared/failure.ts'

export interface BruPair {
  readonly name: string
  readonly value: string
  /** Its name begins with `~`. */
  readonly isDisabled: boolean
}

export interface BruBlock {
  /** Such as `body:json`. */
  readonly name: string
  /** Of `headers { … }`. */
  readonly pairs: readonly BruPair[]
  /** Of `docs { … }`, without its indentation. */
  readonly text: string
  /** Of `vars:secret [ … ]`. */
  readonly items: readonly string[]
}

const HEAD = /^[ \t]{0,100}([a-z][\w:-]{0,100})[ \t]{0,100}([{[])[ \t]{0,100}(.*)$/
/** Blocks whose content is text. */
const TEXT =
  /^(?:body(?::(?:json|text|xml|sparql|graphql|graphql:vars))?|script:(?:pre-request|post-response)|tests|docs|example)$/
const QUOTES = "'''"
/** Bruno indents the lines of a value by so many characters. */
const VALUE_INDENT = 4

/** The blocks of a `.bru` file. Throws a `Failure` `BAD_FILE`. */
export function parseBru(text: string, what = 'The text'): BruBlock[] {
  return new BruParser(text.replace(/^\ufeff/, '').split(/\r\n|[\r\n]/), what).blocks()
}

class BruParser {
  readonly #lines: readonly string[]
  readonly #what: string
  #at = 0

  constructor(lines: readonly string[], what: string) {
    this.#lines = lines
    this.#what = what
  }

  blocks(): BruBlock[] {
    const blocks: BruBlock[] = []
    while (this.#at < this.#lines.length) {
      const line = this.#next()
      // The color of an environment is not a block.
      if (line.trim() === '' || /^[ \t]*color:/.test(line)) continue
      const [, name = '', bracket, rest = ''] = HEAD.exec(line) ?? []
      if (bracket === undefined) throw this.#bad('a block such as meta { … } was expected')
      if (bracket === '[') blocks.push({ name, pairs: [], text: '', items: this.#items(rest) })
      else if (TEXT.test(name)) blocks.push({ name, pairs: [], text: this.#text(rest), items: [] })
      else blocks.push({ name, pairs: this.#pairs(rest), text: '', items: [] })
    }
    return blocks
  }

  #next(): string {
    return this.#lines[this.#at++] ?? ''
  }

  /** The next line of a block; undefined at its end. */
  #inBlock(): string | undefined {
    if (this.#at >= this.#lines.length) throw this.#bad('the file ends within a block')
    const line = this.#next()
    return line.startsWith('}') ? undefined : line
  }

  #bad(reason: string): Failure {
    return new Failure(
      'BAD_FILE',
      `${this.#what} is not valid in Bruno's language: in line ${Math.min(this.#at, this.#lines.length)}, ${reason}. Correct it or save it again.`,
    )
  }

  #text(rest: string): string {
    const lines = rest === '' ? [] : [rest]
    for (let line = this.#inBlock(); line !== undefined; line = this.#inBlock()) lines.push(line)
    return lines.map((line) => line.replace(/^ {2}/, '')).join('\n')
  }

  #items(rest: string): string[] {
    const lines = [rest]
    while (!lines.at(-1)?.includes(']')) {
      if (this.#at >= this.#lines.length) throw this.#bad('the file ends within a list')
      lines.push(this.#next())
    }
    return lines
      .join(',')
      .split(']', 1)
      .flatMap((text) => text.split(','))
      .map((item) => item.trim())
      .filter((item) => item !== '' && !item.startsWith('@'))
  }

  #pairs(rest: string): BruPair[] {
    const pairs: BruPair[] = []
    if (rest === '}') return pairs
    if (rest !== '') pairs.push(this.#pair(rest))
    for (let line = this.#inBlock(); line !== undefined; line = this.#inBlock()) {
      const written = line.trim()
      if (written === '') continue
      if (/^@[^ \t:]/.test(written) && !/^@[^ \t:("']*:/.test(written)) this.#skipAnnotation(written)
      else pairs.push(this.#pair(written))
    }
    return pairs
  }

  /** `@description('…')` in the line before a pair. */
  #skipAnnotation(line: string): void {
    const at = line.indexOf(QUOTES)
    if (at >= 0 && !line.includes(QUOTES, at + QUOTES.length)) this.#quoted('')
  }

  #pair(written: string): BruPair {
    const [, tilde, quoted, bare = '', value = ''] =
      /^(~?)(?:"((?:[^"\\]|\\.){0,1000})"|([^\s:]*))[ \t]*:[ \t]*(.*)$/.exec(written) ?? []
    if (tilde === undefined) throw this.#bad('a pair such as name: value was expected')
    const name = quoted === undefined ? bare : quoted.replaceAll('\\"', '"')
    return { name, value: this.#value(value), isDisabled: tilde === '~' }
  }

  #value(first: string): string {
    if (first.startsWith(QUOTES)) return this.#quoted(first.slice(QUOTES.length))
    if (first.trim() !== '[') return first.trim()
    const items: string[] = []
    for (let line = this.#next(); line.trim() !== ']'; line = this.#next()) {
      if (this.#at >= this.#lines.length) throw this.#bad('the file ends within a list')
      items.push(line.trim())
    }
    return items.join(', ')
  }

  /** Up to the next three quotes. */
  #quoted(first: string): string {
    const end = first.indexOf(QUOTES)
    if (end >= 0) return first.slice(0, end).trim()
    const lines: string[] = [first.slice(VALUE_INDENT)]
    while (this.#at < this.#lines.length) {
      const line = this.#next()
      const last = line.indexOf(QUOTES)
      if (last >= 0) return [...lines, line.slice(0, last).slice(VALUE_INDENT)].join('\n').trim()
      lines.push(line.slice(VALUE_INDENT))
    }
    throw this.#bad("the file ends within a text in '''")
  }
}
