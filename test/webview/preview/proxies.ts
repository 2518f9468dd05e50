/** Recording proxies of the fake host: faults are replaced, held messages go, as in the engine. */
import type { FaultMethods, ProxyStatus } from '../../../src/shared/protocol/traffic.ts'

type Params<Method extends keyof FaultMethods> = FaultMethods[Method]['params']

export class FakeProxies {
  #proxies: readonly ProxyStatus[] = []

  /** The part of the session's status. */
  status(): { readonly proxies?: readonly ProxyStatus[] } {
    return this.#proxies.length === 0 ? {} : { proxies: this.#proxies }
  }

  run(proxies: readonly ProxyStatus[]): void {
    this.#proxies = proxies
  }

  setFaults({ proxy, connection, faults }: Params<'setFaults'>): void {
    this.#change(proxy, (status) => {
      if (connection === undefined) return { ...status, faults }
      const others = (status.connectionFaults ?? []).filter((each) => each.connection !== connection)
      return {
        ...status,
        connectionFaults: faults.length === 0 ? others : [...others, { connection, faults }],
      }
    })
  }

  releaseHeld({ proxy, message }: Params<'releaseHeld'>): void {
    this.#change(proxy, ({ held = [], ...status }) => {
      const left = message === undefined ? [] : held.filter(({ id }) => id !== message)
      return { ...status, held: left, heldCount: left.length }
    })
  }

  #change(proxy: number, changed: (status: ProxyStatus) => ProxyStatus): void {
    this.#proxies = this.#proxies.map((each) => (each.id === proxy ? changed(each) : each))
  }
}
