/** The secrets of connections that the user wants remembered, in the editor's secret storage. */
import type { SecretStorage } from 'vscode'
import { identityOf, withoutSecrets } from '../../request/remembered.ts'
import { type SecretValues, secretValues } from '../../request/secret-values.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'

function isValues(value: unknown): value is SecretValues {
  const isList = (list: unknown) => Array.isArray(list) && list.every((each) => typeof each === 'string')
  return typeof value === 'object' && value !== null && Object.values(value).every(isList)
}

function keyOf(spec: ConnectionSpec): string {
  return `connection ${identityOf(withoutSecrets(spec))}`
}

export class KeptSecrets {
  readonly #storage: Pick<SecretStorage, 'get' | 'store' | 'delete'>

  constructor(storage: Pick<SecretStorage, 'get' | 'store' | 'delete'>) {
    this.#storage = storage
  }

  /** The secrets of a connection, whose specification may be masked; undefined if they are not stored. */
  async of(spec: ConnectionSpec): Promise<SecretValues | undefined> {
    const stored = await this.#storage.get(keyOf(spec))
    if (stored === undefined) return undefined
    try {
      const values: unknown = JSON.parse(stored)
      return isValues(values) ? values : undefined
    } catch {
      // Another version wrote it.
      return undefined
    }
  }

  async keep(spec: ConnectionSpec): Promise<void> {
    await this.#storage.store(keyOf(spec), JSON.stringify(secretValues(spec)))
  }

  async forget(spec: ConnectionSpec): Promise<void> {
    await this.#storage.delete(keyOf(spec))
  }
}
