import assert from 'node:assert/strict'
import { networkSettings } from '../../src/vscode/settings/network-settings.ts'

const from = (settings: Record<string, unknown>) => networkSettings((key) => settings[key])

describe("the editor's network settings", () => {
  it('go to the engine as they are', () => {
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

  it('leave to the environment what they do not say', () => {
    assert.deepEqual(from({ 'http.proxy': '', 'http.noProxy': [], 'http.proxyAuthorization': null }), {
      strictTls: true,
    })
  })

  it('send everything direct where proxies are off', () => {
    assert.deepEqual(from({ 'http.proxy': 'http://proxy:3128', 'http.proxySupport': 'off' }), {
      noProxy: '*',
      strictTls: true,
    })
  })
})
