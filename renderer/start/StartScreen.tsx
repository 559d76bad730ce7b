import { CircleCheck, Cpu, FolderOpen, Play, Plus, Search, Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { desktop } from '../api/desktop.ts';
import { Mark } from '../design/Mark.tsx';
import { day } from '../design/numbers.ts';
import { StatusIcon } from '../design/Status.tsx';
import { askAndOpen } from '../frame/ask-path.ts';
import { icon } from '../frame/step-names.tsx';
import { useAbout } from '../stores/about.ts';
import { openCase, openDemo } from '../stores/acts.ts';
import { useCase } from '../stores/case.ts';
import { tellProblem } from '../stores/notices.ts';
import { testids } from '../testids.ts';
import { Hero } from './Hero.tsx';

function Recents() {
  const recent = useAbout((s) => s.recent);
  const [filter, setFilter] = useState('');
  const shown = recent?.filter((c) => `${c.name} ${c.summary}`.toLowerCase().includes(filter.trim().toLowerCase())) ?? [];
  return (
    <>
      <header>
        <h2>Recent cases</h2>
        {(recent?.length ?? 0) > 5 && (
          <label className="find" style={{ width: 200 }}>
            <Search {...icon} />
            <input
              className="grow"
              style={{ border: 0, background: 'none', outline: 'none' }}
              placeholder="Filter"
              aria-label="Filter the recent cases"
              value={filter}
              onChange={(e) => setFilter(e.target.value)}
            />
          </label>
        )}
      </header>
      {!recent && (
        <div className="stack pad" aria-hidden="true">
          <div className="skel" style={{ width: '70%' }} />
          <div className="skel" style={{ width: '88%' }} />
          <div className="skel" style={{ width: '52%' }} />
        </div>
      )}
      {recent?.length === 0 && (
        <div className="empty" style={{ padding: '0 10px' }}>
          <b>No cases yet</b>
          <span>
            Open a DICOM folder or an image file (NIfTI, NRRD, MetaImage), or start with the demo head: a synthetic skull that ships with
            Lamina.
          </span>
        </div>
      )}
      <ul className="recent-list">
        {shown.map((c) => (
          <li key={c.folder}>
            <button
              type="button"
              data-testid={testids.recentCase}
              aria-disabled={!c.available}
              title={c.folder}
              onClick={() => c.available && void openCase(c.folder)}
            >
              <span className="grow">
                <b className="clip">{c.name}</b>
                <span className="cap clip" style={{ display: 'block' }}>
                  {c.summary}
                </span>
              </span>
              <span>
                <span className="pips" role="img" aria-label={`${c.steps} of 8 steps`}>
                  {[0, 1, 2, 3, 4, 5, 6, 7].map((n) => (
                    <i key={n} className={n < c.steps ? 'd' : ''} />
                  ))}
                </span>
                <span className="cap row" style={{ gap: 5 }}>
                  {!c.available && <StatusIcon of="warn" size={14} silent />}
                  {c.available ? `${c.steps} of 8 steps` : 'folder not found'}
                </span>
              </span>
              <span className="cap r">{day(c.openedAt)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Start: open, demo, recent cases with their step, what the machine can do. */
export function StartScreen() {
  const about = useAbout((s) => s.about);
  const busy = useCase((s) => s.busy);
  useEffect(() => {
    useAbout
      .getState()
      .loadRecent()
      .catch((cause) => tellProblem('Reading the recent cases', cause));
  }, []);
  return (
    <main className="main" data-testid={testids.start}>
      <div className="start">
        <section className="hero" aria-label="Open">
          <Hero />
          <div className="hero-text">
            <Mark size={44} />
            <h1>From CT to a checked model</h1>
            <p>
              Segment, correct, measure, print.
              <br />
              Everything stays on this machine.
            </p>
            <div className="hero-acts">
              <button
                type="button"
                className="btn big pri"
                data-testid={testids.openFolder}
                disabled={busy !== null}
                onClick={() => void askAndOpen()}
              >
                <FolderOpen {...icon} />
                Open folder
                <kbd>Ctrl O</kbd>
              </button>
              <button
                type="button"
                className="btn big"
                data-testid={testids.openDemo}
                disabled={busy !== null}
                onClick={() => void openDemo()}
              >
                <Play {...icon} />
                Demo head
              </button>
            </div>
            <div className="cap drop-line">
              <Plus {...icon} />
              {desktop()
                ? 'or drop a DICOM folder, an image file or a .lamina case anywhere'
                : 'DICOM folders, image files and .lamina cases'}
            </div>
          </div>
        </section>
        <section className="recents" aria-label="Recent cases">
          <Recents />
          <div className="card able">
            <div>
              <span className="cap">Computing on</span>
              <b>
                <Cpu {...icon} />
                {about?.computingOn ?? '…'}
              </b>
            </div>
            <div>
              <span className="cap">Networks</span>
              <b>
                <CircleCheck {...icon} className={about && !/none|no /i.test(about.networks) ? 's-ok' : 's-unk'} />
                {about?.networks ?? '…'}
              </b>
            </div>
            <div>
              <span className="cap">Network traffic</span>
              <b>
                <Unplug {...icon} />
                none, by design
              </b>
            </div>
          </div>
        </section>
      </div>
    </main>
  );
}
