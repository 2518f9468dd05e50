/** What the user writes in the forms of protocols. Kept while the composer is not shown. */
import { signal } from '@preact/signals'
import { isSpoken, SPOKEN, type SpokenName } from '../../src/shared/spoken/table.ts'
import type { SpokenForm } from '../../src/shared/spoken/traits.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import type { Typed } from './spoken-fields.ts'

/** A protocol that a connection speaks and that has forms. */
export interface Speaking {
  readonly protocol: SpokenName
  readonly forms: readonly SpokenForm[]
  /** Whether its handshake is complete. */
  readonly isReady: boolean
}

/** Undefined if the connection speaks none that has forms. */
export function speakingOn(connection: ConnectionStatus | undefined): Speaking | undefined {
  const { protocol = '', ready = false } = connection?.speaking ?? {}
  if (!isSpoken(protocol)) return undefined
  const { forms } = SPOKEN[protocol]
  return forms.length === 0 ? undefined : { protocol, forms, isReady: ready }
}

export class FormStore {
  /** The name of the form that the user chose for each protocol; '' for messages as they are. */
  readonly #chosen = signal<Readonly<Record<string, string>>>({})
  readonly #typed = signal<Readonly<Record<string, Typed>>>({})
  /** Whether the user has tried to send the form as it is. */
  readonly isTried = signal(false)
  /** Why the last attempt to send failed, as one sentence. */
  readonly failure = signal<string | undefined>(undefined)

  /** The form that is shown, the first one unless the user chose another. Undefined for messages as they are. */
  formOf({ protocol, forms }: Speaking): SpokenForm | undefined {
    const chosen = this.#chosen.value[protocol]
    return chosen === undefined ? forms[0] : forms.find(({ name }) => name === chosen)
  }

  choose({ protocol }: Speaking, form: string): void {
    this.#chosen.value = { ...this.#chosen.value, [protocol]: form }
    this.#forget()
  }

  /** Shows messages as they are for the protocol of a connection. */
  leave(connection: ConnectionStatus | undefined): void {
    const speaking = speakingOn(connection)
    if (speaking !== undefined) this.choose(speaking, '')
  }

  typedIn({ protocol }: Speaking, { name }: SpokenForm): Typed {
    return this.#typed.value[`${protocol} ${name}`] ?? {}
  }

  type({ protocol }: Speaking, { name }: SpokenForm, typed: Typed): void {
    this.#typed.value = { ...this.#typed.value, [`${protocol} ${name}`]: typed }
    this.#forget()
  }

  #forget(): void {
    this.isTried.value = false
    this.failure.value = undefined
  }
}
