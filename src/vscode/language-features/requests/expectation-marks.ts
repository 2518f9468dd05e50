/** Shows behind each expectation of a request in an editor what came when the request was run. */
import * as vscode from 'vscode'
import { outcomesOf, outcomeText } from '../../../request/language/outcomes.ts'
import type { ExpectationStatus } from '../../../shared/expectation.ts'
import type { RequestIndex } from '../../requests/request-index.ts'
import type { RequestRuns } from '../../requests/request-runs.ts'
import { withoutHidden } from '../../ui/hidden-values.ts'
import { indexDocument } from './request-documents.ts'

/** Milliseconds after an edit. The editor moves what is shown with the lines until then. */
const DELAY = 200

export interface ExpectationMarkOptions {
  readonly index: Pick<RequestIndex, 'ofDocument'>
  readonly runs: Pick<RequestRuns, 'of' | 'onChange'>
}

type State = ExpectationStatus['state']

const COLORS: Readonly<Record<State, string>> = {
  pending: 'descriptionForeground',
  held: 'terminal.ansiGreen',
  failed: 'errorForeground',
}

export class ExpectationMarks {
  readonly #options: ExpectationMarkOptions
  readonly #types: ReadonlyMap<State, vscode.TextEditorDecorationType>
  readonly #subscriptions: readonly vscode.Disposable[]
  /** What editors show, as text, and of which version of their documents. */
  readonly #marked = new WeakMap<vscode.TextEditor, string>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: ExpectationMarkOptions) {
    this.#options = options
    this.#types = new Map(
      (Object.keys(COLORS) as State[]).map((state) => [
        state,
        vscode.window.createTextEditorDecorationType(styleOf(state)),
      ]),
    )
    this.#subscriptions = [
      ...this.#types.values(),
      options.runs.onChange(() => this.#showAll()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#showAll()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#edited(document)),
    ]
    this.#showAll()
  }

  dispose(): void {
    clearTimeout(this.#timer)
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  #edited(document: vscode.TextDocument): void {
    const isShown = vscode.window.visibleTextEditors.some(
      (editor) => editor.document === document && this.#marked.has(editor),
    )
    if (!isShown) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#showAll(), DELAY)
  }

  #showAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.#show(editor)
  }

  #show(editor: vscode.TextEditor): void {
    const marks = this.#marksOf(editor.document)
    const isEmpty = marks.every(([, options]) => options.length === 0)
    if (isEmpty && !this.#marked.has(editor)) return
    const shown = JSON.stringify([editor.document.version, marks.map(([, options]) => options)])
    if (shown === this.#marked.get(editor)) return
    for (const [type, options] of marks) editor.setDecorations(type, options)
    if (isEmpty) this.#marked.delete(editor)
    else this.#marked.set(editor, shown)
  }

  #marksOf(document: vscode.TextDocument): [vscode.TextEditorDecorationType, vscode.DecorationOptions[]][] {
    const outcomes = this.#outcomesOf(document)
    return Array.from(this.#types, ([state, type]) => [
      type,
      outcomes
        .filter(({ status }) => status.state === state)
        .map(({ expectation, status }) => ({
          range: document.lineAt(document.positionAt(expectation.start)).range,
          renderOptions: { after: { contentText: withoutHidden(outcomeText(status)) } },
        })),
    ])
  }

  #outcomesOf(document: vscode.TextDocument) {
    const { index, runs } = this.#options
    const indexed = indexDocument(index, document)
    if (indexed === undefined) return []
    const { file, names } = indexed
    return file.requests.flatMap((request, at) => {
      if (request.expectations.length === 0) return []
      return outcomesOf(request, runs.of(document.uri, names[at] ?? '')?.expectations ?? [])
    })
  }
}

/** The codicons pass and error, in colors that are seen on the background of each kind of theme. */
const ICONS = {
  held: { light: '#1a7f37', dark: '#73c991', path: 'm5 8.2 2.2 2.2L11 6' },
  failed: { light: '#c4271b', dark: '#f8675f', path: 'm5.5 5.5 5 5m0-5-5 5' },
} as const

function gutterIcon(state: keyof typeof ICONS): vscode.DecorationRenderOptions {
  const { light, dark, path } = ICONS[state]
  const icon = (color: string) =>
    vscode.Uri.parse(
      `data:image/svg+xml;base64,${Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" fill="none" stroke="${color}"><circle cx="8" cy="8" r="6.5"/><path d="${path}"/></svg>`,
      ).toString('base64')}`,
    )
  return { light: { gutterIconPath: icon(light) }, dark: { gutterIconPath: icon(dark) } }
}

function styleOf(state: State): vscode.DecorationRenderOptions {
  const color = new vscode.ThemeColor(COLORS[state])
  return {
    after: { color, margin: '0 0 0 3ch' },
    ...(state !== 'pending' && { gutterIconSize: '80%', ...gutterIcon(state) }),
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    ...(state === 'failed' && {
      overviewRulerColor: color,
      overviewRulerLane: vscode.OverviewRulerLane.Right,
    }),
  }
}
