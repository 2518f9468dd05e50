/** The entry of the page that shows a comparison. */
import '@vscode/codicons/dist/codicon.css'
import '../styles/tokens.css'
import '../styles/compare.css'
import { render } from 'preact'
import type { ComparePageMethods } from '../../src/shared/comparison.ts'
import { RpcEndpoint } from '../../src/shared/protocol/rpc.ts'
import { ComparePage } from './ComparePage.tsx'

declare function acquireVsCodeApi(): { postMessage(message: unknown): void }

const api = acquireVsCodeApi()
const host = new RpcEndpoint<
  Record<never, { params: unknown; result: unknown }>,
  ComparePageMethods,
  Record<never, unknown>,
  Record<never, unknown>
>(
  {
    post: (message) => api.postMessage(message),
    onMessage: (receive) => addEventListener('message', (event) => receive(event.data)),
  },
  { handlers: {} },
)
render(<ComparePage host={host} />, document.body)
