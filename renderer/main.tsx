import '@fontsource-variable/inter/index.css';
import './design/tokens.css';
import './design/base.css';
import './design/controls.css';
import './design/frame.css';
import './design/panels.css';
import './design/experiment.css';
import './design/networks.css';
import './design/preprocess.css';
import './design/evaluate.css';
import './design/review.css';
import './design/screens.css';
import './design/prepare.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';

const root = document.getElementById('app');
if (!root) throw new TypeError('the page has no #app');
createRoot(root).render(<App />);
