/** Finds a location among the sources that a debug session has loaded. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { pathSegments, sharedEnding } from './source-path.ts'

/** `LoadedSourcesResponse` of the Debug Adapter Protocol. */
const loadedSources = v.looseObject({
  sources: v.array(
    v.looseObject({
      name: v.optional(v.string()),
      path: v.optional(v.string()),
      sourceReference: v.optional(v.number()),
    }),
  ),
})

/**
 * The document that a debug session has for a location; undefined if it has none. Its sources are those that the debugger
 * shows in its own list, so that opening one does not open a path that a program made up.
 */
export async function debuggedSource(
  sessions: readonly vscode.DebugSession[],
  file: string,
): Promise<vscode.Uri | undefined> {
  const wanted = pathSegments(file)
  if (wanted.length === 0) return undefined
  for (const session of sessions) {
    const found = sourceIn(await sourcesOf(session), wanted)
    if (found !== undefined) return vscode.debug.asDebugSourceUri(found, session)
  }
  return undefined
}

type Source = v.InferOutput<typeof loadedSources>['sources'][number]

function sourceIn(sources: readonly Source[], wanted: readonly string[]): Source | undefined {
  return sources.find(({ path, name }) =>
    [path, name].some(
      (each) => each !== undefined && sharedEnding(wanted, pathSegments(each)) === wanted.length,
    ),
  )
}

/** None if the debugger does not list its sources, such as that of a session that has just ended. */
async function sourcesOf(session: vscode.DebugSession): Promise<readonly Source[]> {
  const answer: unknown = await session.customRequest('loadedSources').then(
    (sources) => sources,
    () => undefined,
  )
  const parsed = v.safeParse(loadedSources, answer)
  return parsed.success ? parsed.output.sources : []
}
