/** What only the npm package of the terminal has: the .vsix leaves it out, because the extension offers the same or does not need it. */
import { Failure } from '../shared/failure.ts'

/** Loads a module that is only in the npm package (`NPM_ONLY` in scripts/archives/pack.mjs). Rejects with a `Failure` elsewhere. */
export async function fromNpmPackage<Module>(what: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'MODULE_NOT_FOUND')
      throw new Failure(
        'NPM_ONLY',
        `The terminal that came with the extension does not have ${what}; install it with "npm install -g realtime-inspector".`,
      )
    throw thrown
  }
}
