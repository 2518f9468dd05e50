/** In the page: the editor's API, with the engine of the test's process behind it. */
import { decode } from './wire.ts'

interface Page {
  acquireVsCodeApi: unknown
  fromHost: unknown
  toHost(text: string): void
  postMessage(message: unknown, origin: string): void
}

const page = globalThis as unknown as Page
let state: unknown

page.fromHost = (text: string) => page.postMessage(decode(text), '*')
page.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => page.toHost(JSON.stringify(message)),
  getState: () => state,
  setState: (next: unknown) => {
    state = next
  },
})
