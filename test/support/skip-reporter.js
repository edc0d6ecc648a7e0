/** Names the suites that were skipped, with the reason in their name: Jest itself only counts them. Plain JavaScript, as Jest loads it. */
export default class SkipReporter {
  onRunComplete(_contexts, { testResults }) {
    const skipped = testResults.flatMap(({ testResults: tests }) =>
      tests.filter(({ status }) => status === 'pending').map(({ ancestorTitles: [suite], title }) => suite ?? title),
    );
    if (skipped.length > 0) console.error(['', 'Skipped:', ...new Set(skipped.map((name) => `  ${name}`))].join('\n'));
  }
}
