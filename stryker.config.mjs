/** Mutates the engine and asks the fast pure tests; run by hand with `npm run mutation`, not in CI. */
export default {
	mutate: [
		'nodes/engine/**/*.ts',
		// Covered by the in-process engine tests (test/acceptance, test/workflows), which are too slow for mutants.
		'!nodes/engine/{run,transport,preview}.ts',
	],
	testRunner: 'jest',
	plugins: ['@stryker-mutator/jest-runner'],
	coverageAnalysis: 'perTest',
	jest: {
		configFile: 'jest.config.mjs',
		// Every file's tests, not only those jest finds related: the coverage decides.
		enableFindRelatedTests: false,
		config: {
			testMatch: [
				'<rootDir>/test/engine/*.test.mts',
			],
			// It starts n8n's expression engine.
			testPathIgnorePatterns: ['/node_modules/', '/test/engine/expressions\\.test\\.mts$'],
		},
	},
	concurrency: 2,
	// A mutant of a table's constant runs every test for little news.
	ignoreStatic: true,
	// Git ignores both folders.
	tempDirName: '.tmp/stryker',
	cleanTempDir: 'always',
	ignorePatterns: ['/dist', '/.n8n-host', '/.tmp', '/coverage', '/reports', '/n8n-host', '/demo', '/bench'],
	reporters: ['clear-text', 'html', 'json'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	htmlReporter: { fileName: 'reports/mutation/index.html' },
	jsonReporter: { fileName: 'reports/mutation/mutation.json' },
	checkers: [],
};
