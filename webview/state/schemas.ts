/** Schemas of the GraphQL servers that connections speak to, once the user has asked for them. */
import { signal } from '@preact/signals'
import { sentenceOf } from '../../src/shared/failure.ts'
import type { GraphqlSchema } from '../../src/shared/graphql/schema.ts'
import type { PanelMethods } from '../../src/shared/protocol.ts'

/** A schema, the sentence that says why there is none, or that it is asked for. */
export type SchemaState =
  | { readonly schema: GraphqlSchema }
  | { readonly failure: string }
  | { readonly isLoading: true }

interface Host {
  call(
    method: 'graphqlSchema',
    params: PanelMethods['graphqlSchema']['params'],
  ): Promise<PanelMethods['graphqlSchema']['result']>
}

export class SchemaStore {
  readonly #states = signal<Readonly<Record<number, SchemaState>>>({})

  /** Undefined if it was not asked for. */
  of(connection: number): SchemaState | undefined {
    return this.#states.value[connection]
  }

  async load(host: Host, id: number): Promise<void> {
    this.#set(id, { isLoading: true })
    try {
      this.#set(id, { schema: await host.call('graphqlSchema', { id }) })
    } catch (thrown) {
      this.#set(id, { failure: sentenceOf(thrown) })
    }
  }

  #set(id: number, state: SchemaState): void {
    this.#states.value = { ...this.#states.value, [id]: state }
  }
}
