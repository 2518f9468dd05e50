/** VS Code as the host of the page. */
import type { PagePort } from './host.ts'

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void
  getState(): unknown
  setState(state: unknown): void
}

/** Call once: VS Code hands out its API only once. */
export function vscodePort(): PagePort {
  const api = acquireVsCodeApi()
  return {
    post: (message) => api.postMessage(message),
    onMessage: (receive) => addEventListener('message', (event) => receive(event.data)),
    loadState: () => api.getState(),
    saveState: (state) => api.setState(state),
  }
}
