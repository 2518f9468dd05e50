/** What the page shows of connecting: the form, and the failures that the user has not dealt with. */
import { signal } from '@preact/signals'
import type { FormDraft, FormSource } from '../../src/shared/protocol/connecting.ts'
import type { PanelMethods } from '../../src/shared/protocol.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import type { TransportName } from '../../src/shared/transports.ts'

/** A form that is open, and the connection that it is to replace. */
export interface OpenForm {
  readonly draft: FormDraft
  readonly edits: number | undefined
}

type Call = <K extends keyof PanelMethods & string>(
  method: K,
  params: PanelMethods[K]['params'],
  timeout?: number,
) => Promise<PanelMethods[K]['result'] | undefined>

/** A failure of a connection: another attempt has another time. */
function failureOf({ id, since }: ConnectionStatus): string {
  return `${id} ${since}`
}

export class ConnectingStore {
  readonly form = signal<OpenForm | undefined>(undefined)
  readonly #settled = signal<ReadonlySet<string>>(new Set())
  readonly #call: Call
  readonly #connections: () => readonly ConnectionStatus[]

  constructor(call: Call, connections: () => readonly ConnectionStatus[]) {
    this.#call = call
    this.#connections = connections
  }

  /** The failures that the user has not dealt with, the newest first. */
  get failures(): readonly ConnectionStatus[] {
    return this.#connections()
      .filter((each) => each.state === 'failed' && !this.#settled.value.has(failureOf(each)))
      .sort((a, b) => b.since - a.since)
  }

  /** Dismisses the failure of a connection. */
  settle(connection: ConnectionStatus): void {
    this.#settled.value = new Set([...this.#settled.value, failureOf(connection)])
  }

  /** Opens the form. */
  async openForm(source: FormSource): Promise<void> {
    const draft = await this.#call('openForm', { source })
    if (draft === undefined) return
    this.form.value = { draft, edits: 'connection' in source ? source.connection : undefined }
  }

  /** Connects with what was entered in the form, and closes it. */
  async submit(entered: PanelMethods['connectForm']['params']): Promise<void> {
    const { edits } = this.form.value ?? {}
    const opened = await this.#call('connectForm', entered, 0)
    if (!opened) return
    this.closeForm()
    // What was edited is dealt with.
    const edited = this.#connections().find(({ id }) => id === edits)
    if (edited !== undefined) this.settle(edited)
  }

  closeForm(): void {
    this.form.value = undefined
  }

  /** Connects as a failed connection did, by another transport or without checking the certificate. */
  async connectAs(
    connection: ConnectionStatus,
    {
      transport = null,
      insecure = false,
    }: { readonly transport?: TransportName | null; readonly insecure?: boolean },
  ): Promise<void> {
    const opened = await this.#call('connectAs', { id: connection.id, transport, insecure }, 0)
    if (opened) this.settle(connection)
  }
}
