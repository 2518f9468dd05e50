/** Offers the tools for agents to the language models of the editor. */
import * as vscode from 'vscode'
import type { AgentHost, Question, Tool } from '../../agents/tool.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { shortened } from '../../shared/text/shortened.ts'
import { maskedText } from '../ui/untrusted-text.ts'

/** Characters of a message that the user sees before it is sent. */
const MAX_SHOWN = 2000

/** Registers the tools with these names: those of package.json. What they do is loaded with the first that is called. */
export function registerAgentTools(host: AgentHost, names: readonly string[]): vscode.Disposable {
  return vscode.Disposable.from(
    ...names.map((name) =>
      vscode.lm.registerTool(name, {
        prepareInvocation: async (...call) => (await loadedTool(name, host)).prepareInvocation(...call),
        invoke: async (...call) => (await loadedTool(name, host)).invoke(...call),
      }),
    ),
  )
}

async function loadedTool(name: string, host: AgentHost) {
  const { TOOLS } = await import('../../agents/tools.ts')
  const tool = TOOLS.find((each) => each.name === name)
  if (tool === undefined) throw new Failure('NO_TOOL', `${name} is not a tool of Realtime Inspector.`)
  return languageModelTool(tool, host)
}

/** The tool as the editor calls it. It asks the user for what opens or sends. */
export function languageModelTool(tool: Tool, host: AgentHost): Required<vscode.LanguageModelTool<unknown>> {
  return {
    async prepareInvocation({ input }) {
      requireTrust(tool)
      const question = await tool.question(input, host)
      return question === undefined ? {} : { confirmationMessages: confirmationOf(question) }
    },
    async invoke({ input }, token) {
      const control = new AbortController()
      const subscription = token.onCancellationRequested(() => control.abort())
      if (token.isCancellationRequested) control.abort()
      try {
        requireTrust(tool)
        const json = JSON.stringify(await tool.run(input, host, control.signal))
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(json)])
      } catch (thrown) {
        // The model reads the sentence.
        throw new Error(maskedText(sentenceOf(thrown)))
      } finally {
        subscription.dispose()
      }
    },
  }
}

/** In Restricted Mode, agents only read the live session. */
function requireTrust({ effect, name }: Tool): void {
  if (effect === 'none' || vscode.workspace.isTrusted) return
  throw new Failure(
    'RESTRICTED',
    `${name} is not available in Restricted Mode. Ask the user to trust the workspace first.`,
  )
}

/** What the user is asked. Texts of the model and of peers are not Markdown in it. */
export function confirmationOf(question: Question): vscode.LanguageModelToolConfirmationMessages {
  const message = new vscode.MarkdownString()
  message.appendText(shortened(question.url, MAX_SHOWN))
  switch (question.about) {
    case 'connect': {
      const { headers, transport } = question
      if (transport !== 'auto') message.appendText(`\n${transport}`)
      if (headers.length > 0)
        message.appendText(`\n${vscode.l10n.t('With the header fields {0}', headers.join(', '))}`)
      return { title: vscode.l10n.t('Open a realtime connection?'), message }
    }
    case 'send':
      message.appendCodeblock(shortened(question.text, MAX_SHOWN), 'text')
      return { title: vscode.l10n.t('Send this over connection {0}?', question.connection), message }
    case 'disconnect':
      return { title: vscode.l10n.t('End connection {0}?', question.connection), message }
  }
}
