/** Hovers in documents with requests: what a variable is now, what a word does, where a request connects to. */
import * as vscode from 'vscode'
import { variablesSetBy } from '../../../request/file/read-rule.ts'
import type { FileRule, RequestFile } from '../../../request/file/request-file.ts'
import { requestAround } from '../../../request/file/request-names.ts'
import { type HoverPlace, hoverPlaceAt } from '../../../request/language/hover-places.ts'
import { outcomeSentence, outcomesOf } from '../../../request/language/outcomes.ts'
import { shownText } from '../../../request/language/shown-text.ts'
import { requestBuiltIn } from '../../../request/variables/built-ins.ts'
import type { Placeholder } from '../../../request/variables/placeholders.ts'
import type { VariableScope } from '../../../request/variables/scope.ts'
import { unknownVariable } from '../../../request/variables/unknown.ts'
import type { Variable } from '../../../request/variables/variables.ts'
import { sentenceOf } from '../../../shared/failure.ts'
import { ACTION_HELP, parseAction } from '../../../shared/rule.ts'
import { maskUrl } from '../../../shared/secrets.ts'
import type { SignIn } from '../../requests/oauth2/sign-in.ts'
import { uriAt } from '../../requests/request-files.ts'
import type { RequestIndex } from '../../requests/request-index.ts'
import type { RequestRuns } from '../../requests/request-runs.ts'
import type { RequestSecrets } from '../../requests/request-secrets.ts'
import { withoutHidden } from '../../ui/hidden-values.ts'
import { markdownText } from '../../ui/untrusted-text.ts'
import { HIDDEN, valueText } from './completion.ts'
import { REQUEST_DOCUMENTS, rangeOf, readDocument } from './request-documents.ts'
import { type ScopeOptions, scopeOf } from './scopes.ts'
import { tokenText } from './token-text.ts'

export interface HoverOptions extends ScopeOptions {
  readonly index: Pick<RequestIndex, 'ofDocument'>
  readonly requestSecrets: Pick<RequestSecrets, 'names'>
  readonly runs: Pick<RequestRuns, 'of'>
  readonly signIn: Pick<SignIn, 'kept'>
}

/** Environments whose values are listed. */
const MAX_ENVIRONMENTS = 8
const MAX_URL = 2000

export function registerHover(options: HoverOptions): vscode.Disposable {
  return vscode.languages.registerHoverProvider(REQUEST_DOCUMENTS, {
    provideHover: async (document, position) => {
      const file = readDocument(options.index, document)
      const place = file && hoverPlaceAt(file, document.offsetAt(position))
      if (file === undefined || place === undefined) return undefined
      const parts = await explained(options, document, file, place)
      return new vscode.Hover(parts.map(markdown), rangeOf(document, place.span))
    },
  })
}

/** A paragraph, or a line of code. */
type Part = { readonly text: string } | { readonly code: string }

/** Text of files stays text: nothing of it is read as Markdown. */
function markdown(part: Part): vscode.MarkdownString {
  const content = new vscode.MarkdownString()
  return 'text' in part
    ? content.appendMarkdown(markdownText(withoutHidden(part.text)))
    : content.appendCodeblock(withoutHidden(part.code), 'plaintext')
}

async function explained(
  options: HoverOptions,
  document: vscode.TextDocument,
  file: RequestFile,
  place: HoverPlace,
): Promise<Part[]> {
  switch (place.kind) {
    case 'method':
      return [{ code: place.keyword }, { text: `${place.method.hint}.` }]
    case 'option': {
      const { name, placeholder, hint, choices } = place.setting
      const values = choices.length > 0 ? [{ text: choices.join(', ') }] : []
      return [{ code: `# @option ${name} ${placeholder}`.trim() }, { text: sentence(hint) }, ...values]
    }
    case 'header':
      return [{ code: place.header.name }, { text: `${place.header.hint}.` }]
    case 'expectation':
      return [{ text: expectationText(options, document, place) }]
    case 'rule':
      return [{ text: ruleHover(place.rule) }]
    case 'built-in':
      return place.placeholder.name.startsWith('$auth.')
        ? await tokenParts(options, document, file, place.placeholder)
        : builtInParts(options, place.placeholder.name, place.placeholder.args)
    default: {
      const request = requestAround(file, place.span.start)
      try {
        const scope = await scopeOf(options, document.uri, file, request)
        return place.kind === 'url'
          ? [{ code: maskUrl(shownText(place.request.url.text, scope, HIDDEN)).slice(0, MAX_URL) }]
          : variableParts(document, file, scope, place.name)
      } catch (thrown) {
        return [{ text: sentenceOf(thrown) }]
      }
    }
  }
}

/** What came when the request was run last. */
function expectationText(
  { index, runs }: HoverOptions,
  document: vscode.TextDocument,
  { request, expectation }: HoverPlace & { readonly kind: 'expectation' },
): string {
  const { file, names } = index.ofDocument(document)
  const name = names[file.requests.indexOf(request)] ?? ''
  const judged = runs.of(document.uri, name)?.expectations ?? []
  const outcome = outcomesOf(request, judged).find((each) => each.expectation === expectation)
  return outcome === undefined
    ? vscode.l10n.t('It is checked when the request runs.')
    : outcomeSentence(outcome.status)
}

/** What a rule does. */
function ruleHover({ action }: FileRule): string {
  const { kind } = parseAction(action.text)
  const [, , hint] = ACTION_HELP.find(([each]) => each === kind) ?? []
  return hint === undefined ? vscode.l10n.t('Answers each message that the filter finds.') : sentence(hint)
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`
}

/** The configuration of a token, and how long the kept one can be used. Never the token. */
async function tokenParts(
  options: HoverOptions,
  document: vscode.TextDocument,
  file: RequestFile,
  placeholder: Placeholder,
): Promise<Part[]> {
  try {
    const scope = await scopeOf(options, document.uri, file, requestAround(file, placeholder.start))
    const { summary, state } = await tokenText(scope, placeholder, options.signIn)
    return [{ code: summary }, { text: state }]
  } catch (thrown) {
    return [{ text: sentenceOf(thrown) }]
  }
}

function builtInParts({ requestSecrets }: HoverOptions, name: string, args: string): Part[] {
  if (name === '$secret') {
    const isKept = requestSecrets.names().includes(args)
    return [
      { code: `${args} = ${isKept ? HIDDEN : ''}`.trim() },
      {
        text: isKept
          ? vscode.l10n.t('Kept in the secret storage for this workspace.')
          : vscode.l10n.t(
              'Not set. You are asked for it when the request runs, and it is kept in the secret storage.',
            ),
      },
    ]
  }
  const usages = requestBuiltIn(name)?.usages ?? []
  return usages.map(([placeholder, gives]) => ({ text: `${placeholder}: ${gives}` }))
}

function variableParts(
  document: vscode.TextDocument,
  file: RequestFile,
  scope: VariableScope,
  name: string,
): Part[] {
  const variable = scope.lookup(name)
  if (variable !== undefined)
    return [
      { code: `${name} = ${valueText(variable)}` },
      { text: sourceText(document, scope, variable) },
      ...inOtherEnvironments(scope, variable),
    ]
  const isSetByMessage = file.requests.flatMap(variablesSetBy).some(({ text }) => text === name)
  return isSetByMessage
    ? [{ code: name }, { text: vscode.l10n.t('Set by a message (# @set). It has no value yet.') }]
    : [{ text: unknownVariable(name, scope.sources, scope.names()).message }]
}

/** Where the value comes from. */
function sourceText(
  document: vscode.TextDocument,
  { sources: { environment } }: VariableScope,
  { source, place }: Variable,
): string {
  const path = place === undefined ? '' : vscode.workspace.asRelativePath(uriAt(place.file))
  switch (source) {
    case 'given':
    case 'answer':
      return vscode.l10n.t('Set by a message (# @set).')
    case 'file':
      return vscode.l10n.t('From line {0} of this file.', document.positionAt(place?.offset ?? 0).line + 1)
    case 'private':
      return vscode.l10n.t('From {0}, which is private.', path)
    case 'environment':
      return environment === undefined
        ? vscode.l10n.t('From {0}.', path)
        : vscode.l10n.t('From {0}, in the environment {1}.', path, environment)
    case 'dotenv':
      return vscode.l10n.t('From {0}.', path)
    case 'composer':
      return vscode.l10n.t('A variable of the composer.')
  }
}

/** `staging: staging.example.com`, a line for each other environment; without secrets. */
function inOtherEnvironments({ sources }: VariableScope, { name, source, isSecret }: Variable): Part[] {
  if (source !== 'environment' || isSecret) return []
  const lines = [...(sources.environments?.variables.get('environment') ?? [])].flatMap(
    ([environment, variables]) => {
      const value = variables.find((each) => each.name === name)?.value
      return environment === sources.environment || value === undefined
        ? []
        : [`${environment}: ${value.slice(0, 80)}`]
    },
  )
  return lines.slice(0, MAX_ENVIRONMENTS).map((text) => ({ text }))
}
