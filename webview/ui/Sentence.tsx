import type { ComponentChildren } from 'preact'

interface SentenceProps {
  /** A translated text with `{0}`, `{1}`, … A translation can have them in another order. */
  readonly text: string
  /** What the placeholders stand for. */
  readonly parts: readonly ComponentChildren[]
}

/** A sentence with elements in it. */
export function Sentence({ text, parts }: SentenceProps) {
  return <>{text.split(/\{(\d)\}/).map((piece, i) => (i % 2 === 0 ? piece : parts[Number(piece)]))}</>
}
