/** What is being composed; outlives the composer's place in the page. */
import { signal } from '@preact/signals'
import type { ComposedMessage } from '../../src/shared/compose/compose.ts'
import { checkRepeat, type RepeatPlan } from '../../src/shared/compose/repeat.ts'
import { EMPTY_SHELF, type Shelf } from '../../src/shared/compose/shelf.ts'
import { focusHere } from './keyboard.ts'
import { MessageHistory } from './message-history.ts'

export type Format = ComposedMessage['format'] | 'file'

export class ComposerStore {
  readonly format = signal<Format>('text')
  readonly text = signal('')
  /** The connection the user chose. */
  readonly target = signal<number | undefined>(undefined)
  /** Why the last attempt to send did nothing, as one sentence. */
  readonly failure = signal<string | undefined>(undefined)
  /** Whether messages are sent again and again, and how. */
  readonly repeating = signal(false)
  readonly plan = signal<RepeatPlan>({ interval: 1000, count: 10 })
  /** Saved messages and variables, as the host keeps them. */
  readonly shelf = signal<Shelf>(EMPTY_SHELF)
  readonly history = new MessageHistory()
  /** The field while it is in the page. */
  field: HTMLTextAreaElement | undefined

  /** The message, unless it is a file. */
  get message(): ComposedMessage | undefined {
    const format = this.format.value
    return format === 'file' ? undefined : { format, text: this.text.value }
  }

  edit(text: string): void {
    this.text.value = text
    this.failure.value = undefined
  }

  /** Shows a message in place of the one being written. */
  show({ format, text }: ComposedMessage): void {
    this.format.value = format
    this.edit(text)
  }

  /** Loads a message to be edited; a draft that it replaces stays in the history. */
  load(message: ComposedMessage, target?: number): void {
    const draft = this.message
    if (draft !== undefined && draft.text.trim() !== '' && draft.text !== message.text)
      this.history.push(draft)
    this.show(message)
    if (target !== undefined) this.target.value = target
    this.focus()
  }

  /** Writes a piece of text where the caret is. */
  insert(piece: string): void {
    const { field } = this
    const start = field?.selectionStart ?? this.text.value.length
    const end = field?.selectionEnd ?? start
    this.edit(this.text.value.slice(0, start) + piece + this.text.value.slice(end))
    this.focus(start + piece.length)
  }

  /** Takes the focus to the field once it shows the text; the caret to the end, or where it is named. */
  focus(caret = this.text.value.length): void {
    requestAnimationFrame(() => {
      focusHere(this.field)
      this.field?.setSelectionRange(caret, caret)
    })
  }

  /** The plan of a repeat. Throws a `Failure` for one that cannot be. */
  checkedPlan(): RepeatPlan {
    checkRepeat(this.plan.value)
    return this.plan.value
  }
}
