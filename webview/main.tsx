/** The entry of the panel's page. `l10n.ts` has to be imported first. */
import './l10n.ts'
import '@vscode/codicons/dist/codicon.css'
import '@vscode-elements/elements/dist/vscode-button/index.js'
import './styles/tokens.css'
import './styles/base.css'
import './styles/page.css'
import './styles/report.css'
import './styles/answers.css'
import './styles/findings.css'
import './styles/techniques.css'
import './styles/technique-table.css'
import './styles/technique-ranking.css'
import { render } from 'preact'
import { vscodePort } from './host/vscode.ts'
import { App } from './page/App.tsx'
import { PageProvider, PageState } from './state/page.ts'

const page = new PageState(vscodePort())
render(
  <PageProvider value={page}>
    <App />
  </PageProvider>,
  document.body,
)
void page.start()
