/** A long text that grows, in blocks that a browser lays out one by one: only the last one changes. */

/** Characters after which a block ends at the next line break. */
const BLOCK = 4000
/** Characters after which it ends without a line break. */
const MAX_BLOCK = 4 * BLOCK

export interface TextBlock {
  /** Characters before it. */
  readonly start: number
  readonly text: string
}

export class TextBlocks {
  /** In their order. A block that has not changed is the same object. */
  readonly blocks: TextBlock[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  append(text: string): void {
    this.#length += text.length
    const last = this.blocks.pop() ?? { start: 0, text: '' }
    let rest: TextBlock = { start: last.start, text: last.text + text }
    for (;;) {
      const end = rest.text.length > BLOCK && (text.includes('\n') || rest.text.length >= MAX_BLOCK)
      const cut = end ? endOfBlock(rest.text) : 0
      if (cut === 0) break
      this.blocks.push({ start: rest.start, text: rest.text.slice(0, cut) })
      rest = { start: rest.start + cut, text: rest.text.slice(cut) }
    }
    if (rest.text !== '' || this.blocks.length === 0) this.blocks.push(rest)
  }

  all(): string {
    return this.blocks.map(({ text }) => text).join('')
  }

  /** The first `length` characters. */
  beginning(length: number): string {
    return (this.blocks[0]?.text ?? '').slice(0, length)
  }
}

/** Where a block ends that begins with the text; 0 if it goes on. */
function endOfBlock(text: string): number {
  const line = text.indexOf('\n', BLOCK - 1) + 1
  if (line > 0) return line
  if (text.length < MAX_BLOCK) return 0
  return text.lastIndexOf(' ', MAX_BLOCK - 1) + 1 || MAX_BLOCK
}
