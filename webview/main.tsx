/** The page's entry: builds the panel and shows it. */
import '@vscode/codicons/dist/codicon.css'
import '@vscode-elements/elements/dist/vscode-button/index.js'
import './styles/tokens.css'
import './styles/page.css'
import './styles/report.css'
import { render } from 'preact'
import { App } from './App.tsx'
import { Panel, PanelProvider } from './panel.ts'

const panel = new Panel()
render(
  <PanelProvider value={panel}>
    <App />
  </PanelProvider>,
  document.body,
)
void panel.start()
