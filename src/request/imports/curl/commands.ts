/** The commands in a text that was written for a shell. */

/** A command with its words, as the shell would run it. */
export interface ShellCommand {
  readonly words: readonly string[]
  /** What a here-document gives it. */
  readonly input?: string
  /** It gets the output of the command before it. */
  readonly isPiped?: boolean
}

/** Words in a text, and commands together. */
export const MAX_WORDS = 20_000

/** Marks of a variable of the shell in a word, which no text has: Unicode keeps these for the inside of programs. */
const [BEGIN, END] = ['\ufdd0', '\ufdd1']
const VARIABLE = /\ufdd0(\w{1,64})\ufdd1/

/** A variable of the shell, as a part of a word. */
export function variableMark(name: string): string {
  return `${BEGIN}${name}${END}`
}

/** A text that can be part of a word. */
export function withoutMarks(text: string): string {
  return text.replaceAll(/[\ufdd0\ufdd1]/g, '\ufffd')
}

export function hasVariables(word: string): boolean {
  return VARIABLE.test(word)
}

/** The word with its parts changed. */
export function mapWord(
  word: string,
  text: (part: string) => string,
  variable: (name: string) => string,
): string {
  return word
    .split(VARIABLE)
    .map((part, index) => (index % 2 === 1 ? variable(part) : text(part)))
    .join('')
}

/** The text of a word beside its variables. */
export function withoutVariables(word: string): string {
  return mapWord(
    word,
    (text) => text,
    () => '',
  )
}

/** Collects the words of one command after the other. */
export class CommandList {
  readonly commands: ShellCommand[] = []
  #words: string[] = []
  #word: string | undefined
  #isPiped = false
  #count = 0

  /** Whether no more words are read. */
  get isFull(): boolean {
    return this.#count >= MAX_WORDS
  }

  get isInWord(): boolean {
    return this.#word !== undefined
  }

  add(text: string): void {
    this.#word = (this.#word ?? '') + text
  }

  endWord(): void {
    if (this.#word === undefined) return
    this.#words.push(this.#word)
    this.#word = undefined
    this.#count++
  }

  /** Removes the word that is being read: the number of a file before a redirection. */
  dropWord(): void {
    this.#word = undefined
  }

  endCommand(isPipe = false): void {
    this.endWord()
    if (this.#words.length > 0)
      this.commands.push({ words: this.#words, ...(this.#isPiped && { isPiped: true }) })
    if (this.#words.length > 0 || isPipe) this.#isPiped = isPipe
    this.#words = []
  }

  /** What the command before gets as its input. */
  input(text: string): void {
    const last = this.commands.at(-1)
    if (last !== undefined) this.commands[this.commands.length - 1] = { ...last, input: text }
  }
}
