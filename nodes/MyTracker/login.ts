import { userEvent } from './userEvent';
import { searchWords } from './searchWords';

export const login = userEvent(
	{
		name: 'myTrackerLogin',
		title: 'Login',
		searchWords: searchWords.login,
	},
	'login',
);
