import { createRoot } from 'react-dom/client';
import { startI18n } from '../i18n/start-i18n.ts';
import '../theme/base.css';
import '../theme/shared.css';
import { App } from './app.tsx';
import { preferences } from './preferences.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
await startI18n(preferences().language);
createRoot(root).render(<App />);
