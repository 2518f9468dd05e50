/** The message that the user writes. Kept while the composer is not shown. */
import { signal } from '@preact/signals'
import type { ComposedMessage } from '../../src/shared/compose/compose.ts'
import type { Pace } from '../../src/shared/compose/in-order.ts'
import { checkRepeat, type RepeatPlan } from '../../src/shared/compose/repeat.ts'
import { EMPTY_SHELF, type SavedMessage, type Shelf } from '../../src/shared/compose/shelf.ts'
import { AutomaticStore } from './automatic.ts'
import { FormStore } from './forms.ts'
import { focusHere } from './keyboard.ts'
import { MessageHistory } from './message-history.ts'
import { SchemaStore } from './schemas.ts'

export type Format = ComposedMessage['format'] | 'file'

export class ComposerStore {
  readonly format = signal<Format>('text')
  readonly text = signal('')
  /** The connection that the user chose. */
  readonly target = signal<number | undefined>(undefined)
  /** Why the last attempt to send failed, as one sentence. */
  readonly failure = signal<string | undefined>(undefined)
  /** Whether the user wants to repeat messages, and how. */
  readonly repeating = signal(false)
  readonly plan = signal<RepeatPlan>({ interval: 1000, count: 10 })
  /** Saved messages and variables, which the host keeps. */
  readonly shelf = signal<Shelf>(EMPTY_SHELF)
  /** Whether to show how the last run of messages ended: until the user writes again. */
  readonly showsEnd = signal(false)
  /** Names of the saved messages that are sent in order, and what each waits for. */
  readonly chosen = signal<readonly string[]>([])
  readonly pace = signal<Pace>({ wait: 'answer', ms: 10_000 })
  readonly history = new MessageHistory()
  readonly forms = new FormStore()
  readonly automatic = new AutomaticStore()
  readonly schemas = new SchemaStore()
  /** The text field, while it is in the page. */
  field: HTMLTextAreaElement | undefined

  /** The message, unless it is a file. */
  get message(): ComposedMessage | undefined {
    const format = this.format.value
    return format === 'file' ? undefined : { format, text: this.text.value }
  }

  /** Whether the message is sent repeatedly. A file is not. */
  get repeats(): boolean {
    return this.repeating.value && this.format.value !== 'file'
  }

  /** The chosen messages that are still saved, in the order in which they were chosen. */
  get chosenMessages(): readonly SavedMessage[] {
    const { messages } = this.shelf.value
    const chosen = this.chosen.value.map((chosen) => messages.find(({ name }) => name === chosen))
    return chosen.filter((message) => message !== undefined)
  }

  /** Adds messages to the chosen ones, or removes them. */
  choose(names: readonly string[], isChosen: boolean): void {
    const before = this.chosen.value
    this.chosen.value = isChosen
      ? [...before, ...names.filter((name) => !before.includes(name))]
      : before.filter((name) => !names.includes(name))
  }

  edit(text: string): void {
    this.text.value = text
    this.failure.value = undefined
    this.showsEnd.value = false
  }

  /** Shows a message in place of the one being written. */
  show({ format, text }: ComposedMessage): void {
    this.format.value = format
    this.edit(text)
  }

  /** Loads a message to edit. The draft that it replaces goes to the history. */
  load(message: ComposedMessage, target?: number): void {
    const draft = this.message
    if (draft !== undefined && draft.text.trim() !== '' && draft.text !== message.text)
      this.history.push(draft)
    this.show(message)
    if (target !== undefined) this.target.value = target
    this.focus()
  }

  /** Inserts text at the caret. */
  insert(piece: string): void {
    const { field } = this
    const start = field?.selectionStart ?? this.text.value.length
    const end = field?.selectionEnd ?? start
    this.edit(this.text.value.slice(0, start) + piece + this.text.value.slice(end))
    this.focus(start + piece.length)
  }

  /** Moves the focus to the field after it shows the text, and the caret to a position, by default the end. */
  focus(caret = this.text.value.length): void {
    requestAnimationFrame(() => {
      focusHere(this.field)
      this.field?.setSelectionRange(caret, caret)
    })
  }

  /** The plan for repeating. Throws a `Failure` if it is invalid. */
  checkedPlan(): RepeatPlan {
    checkRepeat(this.plan.value)
    return this.plan.value
  }
}
