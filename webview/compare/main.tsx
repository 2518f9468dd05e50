/** The entry of the page that shows a comparison. `l10n.ts` has to be imported first. */
import '../l10n.ts'
import '@vscode/codicons/dist/codicon.css'
import '../styles/tokens.css'
import '../styles/base.css'
import '../styles/compare.css'
import { render } from 'preact'
import type { ComparePageMethods } from '../../src/shared/comparison.ts'
import { RpcEndpoint } from '../../src/shared/protocol/rpc.ts'
import { vscodePort } from '../host/vscode.ts'
import { ComparePage } from './ComparePage.tsx'

const host = new RpcEndpoint<
  Record<never, { params: unknown; result: unknown }>,
  ComparePageMethods,
  Record<never, unknown>,
  Record<never, unknown>
>(vscodePort(), { handlers: {} })
render(<ComparePage host={host} />, document.body)
