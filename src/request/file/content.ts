/** Reads the lines after the headers: a body, or the messages of a WebSocket. */
import { isBlank, type Line, trimmed, writtenIn } from './lines.ts'
import { METHOD_KEYWORDS } from './methods.ts'
import type { Notes } from './notes.ts'
import type { ContentPart, FileStep, Span, Written } from './request-file.ts'

interface Kept {
  readonly line: Line
  readonly file?: ContentPart & { readonly kind: 'file' }
}

const FILE = /^<(?:(?<fill>@)(?<encoding>[\w-]*))?[ \t]+(?=[^ \t])/
const SEPARATOR = /^[ \t]*===(?!=)[ \t]*/
const WAIT = 'wait-for-server'

/** A request without a separator before it, as httpYac reads it. */
const REQUEST = new RegExp(String.raw`^[ \t]*(?:${METHOD_KEYWORDS.join('|')})[ \t]+(?:\w{1,20}:\/\/|\{\{|\/)`)

/** Collects the lines of one body or message after the other. */
export class ContentReader {
  readonly #text: string
  readonly #notes: Notes
  readonly #hasMessages: boolean
  readonly steps: FileStep[] = []
  #kept: Kept[] = []
  #name: Written | undefined
  #format: Written | undefined
  readonly #names = new Set<string>()

  constructor(text: string, hasMessages: boolean, notes: Notes) {
    this.#text = text
    this.#hasMessages = hasMessages
    this.#notes = notes
  }

  /** `# @message NAME`. */
  name(value: Written): void {
    if (!this.#hasMessages)
      this.#notes.add('warning', value, 'NO_EFFECT', 'Only messages of a WebSocket have a name.')
    else if (this.#names.has(value.text))
      this.#notes.add(
        'warning',
        value,
        'SAME_NAME',
        `Another message of this request is named ${value.text}; choose another name.`,
      )
    this.#names.add(value.text)
    this.#name = value
  }

  /** `# @format FORMAT`. */
  format(value: Written): void {
    this.#format = value
  }

  /** Whether the line separates messages. If so, the next message begins after it. */
  separates(line: Line): boolean {
    const [mark] = SEPARATOR.exec(line.text) ?? []
    if (mark === undefined) return false
    const rest = trimmed(line, mark.length)
    const [, word = '', after = ''] = /^(wait-for-server(?![^ \t]))?[ \t]*(.*)$/.exec(rest.text) ?? []
    if (after !== '' && !/^(?:#|\/\/)/.test(after)) {
      if (this.#hasMessages)
        this.#notes.add(
          'warning',
          rest,
          'BAD_SEPARATOR',
          `Messages are separated by === or === ${WAIT}; this line is part of a message.`,
        )
      return false
    }
    if (!this.#hasMessages) {
      this.#notes.add(
        'warning',
        line,
        'BAD_SEPARATOR',
        'Only messages of a WebSocket are separated by ===; this line is part of the body.',
      )
      return false
    }
    this.#notes.mark(line, 'message')
    this.#finish()
    if (word === WAIT) {
      const { start, end } = trimmed(line)
      this.steps.push({ kind: 'wait', start, end })
    }
    return true
  }

  /** A line that is sent. */
  line(line: Line): void {
    const match = FILE.exec(line.text)
    if (match === null) {
      if (REQUEST.test(line.text))
        this.#notes.add(
          'warning',
          line,
          'LOOKS_LIKE_REQUEST',
          'This is sent, not run; write ### on a line before it if it is another request.',
        )
      if (this.#kept.length > 0 || !isBlank(line)) this.#kept.push({ line })
      return
    }
    const path = trimmed(line, match[0].length)
    const { fill, encoding = '' } = match.groups ?? {}
    if (encoding !== '' && !/^utf-?8$/i.test(encoding))
      this.#notes.add(
        'warning',
        line,
        'BAD_ENCODING',
        `Files are read as UTF-8, not as ${encoding}; convert the file.`,
      )
    this.#kept.push({
      line,
      file: { kind: 'file', path, isFilled: fill !== undefined, start: line.start, end: path.end },
    })
  }

  /** The body, or the last message, is complete. Returns the body. */
  end(): { readonly body: readonly ContentPart[]; readonly format: Written | undefined } {
    if (this.#hasMessages) {
      this.#finish()
      return { body: [], format: undefined }
    }
    return { body: this.#parts(), format: this.#format }
  }

  #finish(): void {
    const content = this.#parts()
    const [name, format] = [this.#name, this.#format]
    const [first, last] = [content[0], content.at(-1)]
    if (first !== undefined && last !== undefined)
      this.steps.push({
        kind: 'send',
        start: first.start,
        end: last.end,
        ...(name !== undefined && { name }),
        ...(format !== undefined && { format }),
        content,
      })
    else if (name !== undefined)
      this.#notes.add(
        'warning',
        name,
        'NO_MESSAGE',
        `There is no message after the name ${name.text}; write {{$empty}} to send an empty one.`,
      )
    this.#kept = []
    this.#name = undefined
    this.#format = undefined
  }

  /** The lines without blank ones around them. */
  #parts(): readonly ContentPart[] {
    const kept = this.#kept
    const to = kept.findLastIndex(({ line, file }) => file !== undefined || !isBlank(line)) + 1
    const parts: ContentPart[] = []
    let text: { start: number; end: number } | undefined
    const flush = () => {
      if (text !== undefined) parts.push({ kind: 'text', ...writtenIn(this.#text, text.start, text.end) })
      text = undefined
    }
    const add = ({ start, end }: Span) => {
      if (text?.end === start) text.end = end
      else {
        flush()
        if (end > start) text = { start, end }
      }
    }
    for (const { line, file } of kept.slice(0, to)) {
      this.#notes.mark(line, 'content')
      if (file === undefined) add(line)
      else {
        flush()
        parts.push(file)
      }
      if (line !== kept[to - 1]?.line) add({ start: line.end, end: line.next })
    }
    flush()
    return parts
  }
}
