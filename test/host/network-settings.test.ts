import assert from 'node:assert/strict'
import { networkSettings } from '../../src/vscode/settings/network-settings.ts'

const from = (settings: Record<string, unknown>) => networkSettings((key) => settings[key])

describe("the editor's network settings", () => {
  it('go to the engine unchanged', () => {
    assert.deepEqual(
      from({
        'http.proxy': 'http://proxy:3128',
        'http.noProxy': ['localhost', '.corp'],
        'http.proxyAuthorization': 'Basic eA==',
        'http.proxyStrictSSL': false,
        'http.proxySupport': 'override',
      }),
      {
        proxy: 'http://proxy:3128',
        noProxy: 'localhost,.corp',
        proxyAuthorization: 'Basic eA==',
        strictTls: false,
      },
    )
  })

  it('leave the rest to the environment', () => {
    assert.deepEqual(from({ 'http.proxy': '', 'http.noProxy': [], 'http.proxyAuthorization': null }), {
      strictTls: true,
    })
  })

  it('make all connections direct if proxies are off', () => {
    assert.deepEqual(from({ 'http.proxy': 'http://proxy:3128', 'http.proxySupport': 'off' }), {
      noProxy: '*',
      strictTls: true,
    })
  })
})
