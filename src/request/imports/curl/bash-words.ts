/**
 * Splits a text into commands and words as bash does (Bash Reference Manual, chapter 3). Nothing is run: variables are marked,
 * and what else the shell would compute is text.
 */
import { CommandList, type ShellCommand, variableMark, withoutMarks } from './commands.ts'

/** Escapes in `$'…'` with one letter. */
const ANSI: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
}
const CODE =
  /\\(?:x(?<byte>[\da-fA-F]{1,2})|u(?<short>[\da-fA-F]{1,4})|U(?<long>[\da-fA-F]{1,8})|(?<octal>[0-7]{1,3})|c(?<control>[\x40-\x7f]))/y
const NAME = /\$(?:([A-Za-z_]\w{0,63})|\{([A-Za-z_]\w{0,63})(?::?-[^}\n]{0,1000})?\})/y
const HERE_DOCUMENT = /<<(-?)[ \t]*(?:'([^'\n]{1,100})'|"([^"\n]{1,100})"|([\w.-]{1,100}))/y
const REDIRECTION = /(?:&>>?|[<>]&?|>>|<<<)[ \t]*/y
/** What is plain in a word, and within double quotes. */
const PLAIN = /[^\s\\'"$;&|<>#()]+/y
const QUOTED = /[^\\"$]+/y

interface HereDocument {
  readonly end: string
  readonly isIndented: boolean
  readonly isLiteral: boolean
}

export function bashCommands(text: string): readonly ShellCommand[] {
  return new BashReader(withoutMarks(text)).read()
}

class BashReader {
  readonly #text: string
  readonly #list = new CommandList()
  #at = 0
  #document: HereDocument | undefined
  /** The next word is the file of a redirection. */
  #isTarget = false

  constructor(text: string) {
    this.#text = text
  }

  read(): readonly ShellCommand[] {
    while (this.#at < this.#text.length && !this.#list.isFull) this.#readNext()
    this.#endCommand()
    return this.#list.commands
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text) ?? undefined
    if (match !== undefined) this.#at = pattern.lastIndex
    return match
  }

  #readNext(): void {
    const next = this.#text[this.#at] ?? ''
    const plain = this.#match(PLAIN)
    if (plain !== undefined) this.#list.add(plain[0])
    else if (next === '\n') this.#endLine()
    else if (/\s/.test(next)) {
      this.#at++
      this.#endWord()
    } else if (next === '#' && !this.#list.isInWord) this.#skipLine()
    else if (next === '<' || next === '>' || (next === '&' && this.#text[this.#at + 1] === '>'))
      this.#redirect()
    else if (';&|()'.includes(next)) this.#operator(next)
    else this.#quote(next)
  }

  #quote(next: string): void {
    this.#at++
    if (next === '\\') {
      const escaped = this.#text[this.#at++] ?? '\\'
      // A line that is continued, also one of Windows.
      if (escaped === '\r' && this.#text[this.#at] === '\n') this.#at++
      else if (escaped !== '\n') this.#list.add(escaped)
    } else if (next === "'") {
      const end = this.#text.indexOf("'", this.#at)
      this.#list.add(this.#text.slice(this.#at, end < 0 ? undefined : end))
      this.#at = end < 0 ? this.#text.length : end + 1
    } else if (next === '"') this.#list.add(this.#doubleQuoted('"'))
    else if (next === '$' && this.#text[this.#at] === "'") this.#ansiQuoted()
    else if (next === '$' && this.#text[this.#at] === '"') return
    else {
      this.#at--
      this.#list.add(this.#variable())
    }
  }

  /** A variable, or the one character that begins none. */
  #variable(): string {
    const [, name, braced] = this.#match(NAME) ?? []
    const variable = name ?? braced
    return variable === undefined ? (this.#text[this.#at++] ?? '') : variableMark(variable)
  }

  /** What is within double quotes, or in a here-document, whose end is empty. */
  #doubleQuoted(end: string): string {
    const parts: string[] = []
    while (this.#at < this.#text.length) {
      const [plain] = this.#match(QUOTED) ?? []
      const next = this.#text[this.#at] ?? ''
      if (plain !== undefined) parts.push(plain)
      else if (next === end) {
        this.#at++
        break
      } else if (next === '\\') {
        const escaped = this.#text[this.#at + 1] ?? ''
        this.#at += 2
        if (escaped !== '\n') parts.push('$`"\\'.includes(escaped) ? escaped : `\\${escaped}`)
      } else if (next === '$') parts.push(this.#variable())
      else {
        parts.push(next)
        this.#at++
      }
    }
    return parts.join('')
  }

  #ansiQuoted(): void {
    this.#at++
    const parts: string[] = []
    /** Bytes of `\x` and octal escapes, which are UTF-8 together. */
    let bytes: number[] = []
    const flush = () => {
      if (bytes.length > 0) parts.push(new TextDecoder().decode(Uint8Array.from(bytes)))
      bytes = []
    }
    for (;;) {
      const next = this.#text[this.#at]
      if (next === undefined || next === "'") break
      const { byte, short, long, octal, control } = next === '\\' ? (this.#match(CODE)?.groups ?? {}) : {}
      if (byte !== undefined || octal !== undefined) {
        bytes.push(byte === undefined ? Number.parseInt(octal ?? '', 8) & 0xff : Number.parseInt(byte, 16))
        continue
      }
      flush()
      const code = short ?? long
      if (code !== undefined) parts.push(characterOf(Number.parseInt(code, 16)))
      else if (control !== undefined) parts.push(String.fromCharCode(control.charCodeAt(0) & 0x1f))
      else if (next === '\\') {
        const escaped = this.#text[this.#at + 1] ?? ''
        parts.push(ANSI[escaped] ?? `\\${escaped}`)
        this.#at += 2
      } else {
        parts.push(next)
        this.#at++
      }
    }
    flush()
    this.#at++
    this.#list.add(joinSurrogates(parts.join('')))
  }

  #redirect(): void {
    const document = this.#match(HERE_DOCUMENT)
    if (document !== undefined) {
      this.#endWord()
      const [, dash, single, double, plain = ''] = document
      const end = single ?? double ?? plain
      this.#document = { end, isIndented: dash === '-', isLiteral: end !== plain || plain === '' }
      return
    }
    if (this.#match(REDIRECTION) === undefined) this.#at++
    // The number of a file, as in `2>`.
    this.#list.dropWord()
    this.#isTarget = true
  }

  #operator(operator: string): void {
    const isPipe = operator === '|' && this.#text[this.#at + 1] !== '|'
    this.#at++
    this.#endCommand(isPipe)
  }

  #endWord(): void {
    if (!this.#list.isInWord) return
    if (this.#isTarget) this.#list.dropWord()
    else this.#list.endWord()
    this.#isTarget = false
  }

  #endCommand(isPipe = false): void {
    this.#endWord()
    this.#list.endCommand(isPipe)
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at)
    this.#at = end < 0 ? this.#text.length : end
  }

  #endLine(): void {
    this.#at++
    this.#endCommand()
    if (this.#document !== undefined) this.#readDocument(this.#document)
    this.#document = undefined
  }

  #readDocument({ end, isIndented, isLiteral }: HereDocument): void {
    const lines: string[] = []
    while (this.#at < this.#text.length) {
      const to = this.#text.indexOf('\n', this.#at)
      const line = this.#text.slice(this.#at, to < 0 ? undefined : to)
      this.#at = to < 0 ? this.#text.length : to + 1
      const read = isIndented ? line.replace(/^\t+/, '') : line
      if (read.replace(/\r$/, '') === end) break
      lines.push(`${read}\n`)
    }
    const content = lines.join('')
    this.#list.input(isLiteral ? content : new BashReader(content).#doubleQuoted(''))
  }
}

function characterOf(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}

/** Browsers write a character beyond U+FFFF as two escapes. Halves without the other are lost. */
function joinSurrogates(text: string): string {
  return text.replaceAll(/[\ud800-\udfff]/gu, '\ufffd')
}
