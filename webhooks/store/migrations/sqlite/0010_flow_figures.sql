-- How far conversations come in a flow, counted by the hour and never by whom. step '': the flow as a whole, where
-- came is begun and went_on completed.
CREATE TABLE flow_figure (
    hour    INTEGER NOT NULL,
    flow    TEXT    NOT NULL,
    step    TEXT    NOT NULL,
    came    INTEGER NOT NULL,
    went_on INTEGER NOT NULL,
    PRIMARY KEY (flow, step, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX flow_figure_hour ON flow_figure(hour) WHERE step = '';
