/**
 * Runs in the browser: fills GraphiQL's tabs before it starts, then starts it. GraphiQL keeps its tabs in localStorage, in
 * the form read and written here (checked by test/gateway/explorer.test.ts); its own `defaultTabs` shows neither the
 * variables nor the headers of the first tab.
 */
import { createFetcher } from './fetcher.js';

const settings = JSON.parse(document.getElementById('settings').textContent);
const FIELDS = ['query', 'variables', 'headers'];

const given = settings.tabs.map(({ name, query, variables = '', headers = '' }) => ({
  name,
  query,
  variables,
  headers,
}));

const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

const newTab = ({ name, ...texts }) => ({
  ...texts,
  id: `given-${name}`,
  hash: null,
  title: name,
  operationName: name,
  response: null,
});

/**
 * The tabs to show. What the user edited stays, what they closed stays closed; a text they left alone follows the server's,
 * which after a restart may hold a new token.
 */
function mergeTabs() {
  const stored = read('graphiql:tabState');
  const before = read('explorer:given');
  if (!Array.isArray(stored?.tabs) || stored.tabs.length === 0 || !Array.isArray(before)) {
    return { tabs: given.map(newTab), activeTabIndex: 0 };
  }
  for (const tab of given) {
    const old = before.find(({ name }) => name === tab.name);
    const shown = stored.tabs.find(({ id }) => id === `given-${tab.name}`);
    if (!old) stored.tabs.push(newTab(tab));
    for (const field of FIELDS) {
      if (old && shown && (shown[field] ?? '') === old[field]) shown[field] = tab[field];
    }
  }
  return { tabs: stored.tabs, activeTabIndex: stored.tabs[stored.activeTabIndex] ? stored.activeTabIndex : 0 };
}

globalThis.MonacoEnvironment = {
  getWorker: (_, label) => {
    const file = { json: 'jsonWorker.js', graphql: 'graphqlWorker.js' }[label] ?? 'editorWorker.js';
    return new Worker(settings.filesPath + file, { type: 'module' });
  },
};

const { React, Ruru, createRoot } = await import(`${settings.filesPath}ruru.js`);

// Just before the start: another window may be writing to the same store.
if (given.length > 0) {
  const state = mergeTabs();
  localStorage.setItem('graphiql:tabState', JSON.stringify(state));
  localStorage.setItem('explorer:given', JSON.stringify(given));
  // GraphiQL opens the tab whose texts equal these; without an equal one it would add a tab.
  const active = state.tabs[state.activeTabIndex];
  for (const field of FIELDS) localStorage.setItem(`graphiql:${field}`, active[field] ?? '');
}

document.documentElement.style.setProperty('--explorer-title', JSON.stringify(document.title));
const root = document.getElementById('explorer');
root.textContent = '';
createRoot(root).render(
  React.createElement(Ruru, {
    fetcher: createFetcher(settings.path),
    defaultTheme: 'dark',
    defaultQuery: '',
    defaultHeaders: given[0]?.headers ?? '', // for tabs the user adds
    defaultEditorToolsVisibility: true,
    shouldPersistHeaders: true,
    debugTools: [],
  }),
);
