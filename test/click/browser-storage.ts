/** What a page stores in its browser. */
import type { Page } from 'playwright-core'

/** The globals of the browser that the script in the page uses. */
interface Browser {
  readonly localStorage: object
  readonly sessionStorage: object
  readonly indexedDB: {
    databases(): Promise<readonly { readonly name?: string }[]>
    open(name: string): Request<Database>
  }
}
interface Request<T> {
  readonly result: T
  readonly error: unknown
  onsuccess: () => void
  onerror: () => void
}
interface Database {
  readonly objectStoreNames: Iterable<string>
  transaction(name: string): { objectStore(name: string): Store }
  close(): void
}
interface Store {
  getAll(): Request<readonly unknown[]>
  getAllKeys(): Request<readonly unknown[]>
}

/** Everything that the page stores in IndexedDB and in its storages, as one text. Bytes are read as Latin-1. */
export function storedBy(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { localStorage, sessionStorage, indexedDB } = globalThis as unknown as Browser
    const settled = <T>(request: Request<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const readable = (_key: string, value: unknown) => {
      const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value
      return bytes instanceof Uint8Array ? new TextDecoder('latin1').decode(bytes) : value
    }
    const found: unknown[] = [localStorage, sessionStorage]
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name))
      for (const each of database.objectStoreNames) {
        const store = database.transaction(each).objectStore(each)
        const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())])
        found.push([name, each, keys, values])
      }
      database.close()
    }
    return JSON.stringify(found, readable)
  })
}
