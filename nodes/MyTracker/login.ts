import { userEvent } from './userEvent';
import { searchHints, searchWords } from './searchWords';

export const login = userEvent(
	{
		name: 'myTrackerLogin',
		title: 'Login',
		searchWords: searchWords.login,
		searchHint: searchHints.login,
	},
	'login',
);
