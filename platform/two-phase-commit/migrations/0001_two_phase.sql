-- How a distributed transaction ended. The first row for a gid decides, for everybody and for ever. No row means that
-- nothing was decided: whoever needs an answer then writes 'abort' (presumed abort).
create table two_phase_decision (
  gid uuid primary key,
  outcome text not null check (outcome in ('commit', 'abort')),
  -- Names of the participants that have to hear of it.
  branches text[] not null,
  decided_at timestamptz not null default clock_timestamp(),
  -- When somebody last set out to tell them; a claim, so that two resolvers do not do the same work.
  tried_at timestamptz not null default clock_timestamp(),
  -- When all of them had acknowledged.
  ended_at timestamptz,
  -- Why a person has to look at it.
  attention text
);
create index two_phase_decision_open on two_phase_decision (tried_at) where ended_at is null;
create index two_phase_decision_ended on two_phase_decision (ended_at) where ended_at is not null;

-- Written inside the transaction that is prepared, so that it can be seen exactly when the branch was committed
-- ('prepared'), or by an abort ('aborted'), so that a PREPARE that comes after it is refused.
create table two_phase_marker (
  gid uuid not null,
  branch text not null,
  state text not null check (state in ('prepared', 'aborted')),
  at timestamptz not null default clock_timestamp(),
  primary key (gid, branch)
);
create index two_phase_marker_by_age on two_phase_marker (at);

-- What was decided, when and for whom cannot be changed, not even by the service.
grant select, insert, delete on two_phase_decision, two_phase_marker to :runtime_role;
grant update (tried_at, ended_at, attention) on two_phase_decision to :runtime_role;
