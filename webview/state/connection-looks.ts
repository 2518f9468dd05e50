/** The color and the name of each connection. The user can change both; the host keeps what they chose. */
import { computed, type ReadonlySignal, signal } from '@preact/signals'
import { type ConnectionLabel, colorOf, labelNames } from '../../src/shared/connection-labels.ts'
import type { LabelChange } from '../../src/shared/protocol/labels.ts'
import type { ConnectionStatus, SessionStatus } from '../../src/shared/status.ts'
import { ofAddresses } from '../../src/shared/steady-list.ts'
import { connectionName, laneNames } from '../format/connection.ts'

export class ConnectionLooks {
  /** The connection that is being renamed. */
  readonly renaming = signal<number | undefined>(undefined)
  /** The connection that the user has chosen in the side bar; another object for each choice. */
  readonly revealed = signal<{ readonly connection: number } | undefined>(undefined)
  /** What the host keeps. */
  readonly labels = signal<readonly ConnectionLabel[]>([])
  readonly #byConnection = computed(() => new Map(this.labels.value.map((each) => [each.connection, each])))
  /** The name of each connection: that of the user or of its request, or one that distinguishes it from the others. */
  readonly names: ReadonlySignal<ReadonlyMap<number, string>>
  readonly #tell: (change: LabelChange) => void

  constructor(status: ReadonlySignal<SessionStatus | undefined>, tell: (change: LabelChange) => void) {
    this.#tell = tell
    const namesOf = ofAddresses(laneNames)
    const own = computed(() => {
      const { connections = [], removed = [] } = status.value ?? {}
      return namesOf(connections, removed)
    })
    this.names = computed(() => labelNames(own.value, this.#byConnection.value))
  }

  nameOf(connection: number): string {
    return this.names.value.get(connection) ?? ''
  }

  /** Its name where there is room: with its host, unless the user or its request has named it. */
  longNameOf(connection: ConnectionStatus): string {
    const { name, suggested } = this.#byConnection.value.get(connection.id) ?? {}
    return (name ?? suggested) === undefined ? connectionName(connection) : this.nameOf(connection.id)
  }

  /** The color of a connection, from 1 to `COLORS`. */
  colorOf(connection: number): number {
    return colorOf(connection, this.#byConnection.value.get(connection))
  }

  startRenaming(connection: number): void {
    this.renaming.value = connection
  }

  /** Gives a connection a name, or with an empty one its own name again. */
  rename(id: number, name: string): void {
    this.renaming.value = undefined
    this.#tell({ id, name })
  }

  paint(id: number, color: number): void {
    this.#tell({ id, color })
  }
}
