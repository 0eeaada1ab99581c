"""SQL of the guards: what holds even against code that forgets, and against hands in a shell."""

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

# Guards look rows up one by one, by index. Left alone, the planner trusts statistics that a load
# has made wrong, and compares everybody with everybody.
BY_INDEX = (
    "SET enable_seqscan = off SET enable_hashjoin = off"
    " SET enable_mergejoin = off SET enable_bitmapscan = off"
)


def append_only(table: str) -> tuple[str, str]:
    """Return the SQL that makes a table append-only, and the SQL that undoes it."""
    forward = f"""
    CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    """
    backward = f"""
    DROP TRIGGER refuse_truncate ON {table};
    DROP TRIGGER refuse_change ON {table};
    """
    return forward, backward


# A version may be retired once, and nothing else about it may change, but for the transaction that
# wrote last what is read with it: its retirement, or its member's market or holder.
VERSIONS_ONLY_RETIRE = """
CREATE FUNCTION refuse_rewriting_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retired_at IS NULL AND NEW.retired_at IS NOT NULL AND
       (NEW.id, NEW.member_id, NEW.role, NEW.status, NEW.effective_from, NEW.recorded_at, NEW.xact)
         = (OLD.id, OLD.member_id, OLD.role, OLD.status, OLD.effective_from, OLD.recorded_at,
            OLD.xact)
       AND (NEW.enroller_id, NEW.sponsor_id, NEW.effective_until)
         IS NOT DISTINCT FROM (OLD.enroller_id, OLD.sponsor_id, OLD.effective_until)
    THEN
        NEW.xact := pg_current_xact_id()::text::bigint;
        RETURN NEW;
    END IF;
    OLD.xact := pg_current_xact_id()::text::bigint;
    IF NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the version % of member % is history: retire it and record another',
        OLD.id, OLD.member_id USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER refuse_change BEFORE UPDATE ON distributors_memberversion
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_versions();
CREATE TRIGGER refuse_delete BEFORE DELETE ON distributors_memberversion
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON distributors_memberversion
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# No loops in the sponsor tree, at any moment, and no two versions of a member true at once. As long
# as every link names a sponsor with a smaller id there can be no loop, so new members cost no walk.
# Anything else (a member who had another link, a sponsor with a larger id) walks up, under one lock
# so that two moves cannot close a loop together, and carries the stretch of time along: a loop
# counts only where all its links are true at once.
NO_SPONSOR_CYCLES = """
CREATE FUNCTION refuse_sponsor_cycles() RETURNS trigger LANGUAGE plpgsql BY_INDEX AS $$
DECLARE
    culprit bigint;
BEGIN
    SELECT a.sponsor_id INTO culprit FROM added a
     WHERE a.sponsor_id IS NOT NULL AND NOT EXISTS
           (SELECT FROM distributors_memberversion v WHERE v.member_id = a.sponsor_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the sponsor % has no place in the network', culprit
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM FROM added a WHERE a.sponsor_id > a.member_id OR a.effective_until IS NOT NULL OR EXISTS
        (SELECT FROM distributors_memberversion v
          WHERE v.member_id = a.member_id AND v.id <> a.id) LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(1, 0);
    SELECT a.member_id INTO culprit
      FROM added a JOIN distributors_memberversion v ON v.member_id = a.member_id AND v.id <> a.id
     WHERE v.retired_at IS NULL AND a.retired_at IS NULL
       AND tstzrange(a.effective_from, a.effective_until)
           && tstzrange(v.effective_from, v.effective_until) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'two versions of member % would be true at once', culprit
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    WITH RECURSIVE above (start, member_id, during) AS (
        SELECT a.member_id, a.sponsor_id, tstzrange(a.effective_from, a.effective_until)
          FROM added a
         WHERE a.sponsor_id IS NOT NULL AND (a.sponsor_id > a.member_id OR EXISTS
               (SELECT FROM distributors_memberversion v
                 WHERE v.member_id = a.member_id AND v.id <> a.id))
        UNION
        SELECT u.start, v.sponsor_id, u.during * tstzrange(v.effective_from, v.effective_until)
          FROM above u CROSS JOIN LATERAL
               (SELECT * FROM distributors_memberversion v
                 WHERE v.member_id = u.member_id AND v.retired_at IS NULL OFFSET 0) v
         WHERE v.sponsor_id IS NOT NULL AND u.member_id <> u.start
           AND u.during && tstzrange(v.effective_from, v.effective_until)
    )
    SELECT start INTO culprit FROM above WHERE member_id = start LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'member % would sit in its own downline', culprit
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_sponsor_cycles AFTER INSERT ON distributors_memberversion
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_sponsor_cycles();
""".replace("BY_INDEX", BY_INDEX)

NO_TWO_HOLDERS = """
CREATE FUNCTION refuse_two_holders() RETURNS trigger LANGUAGE plpgsql BY_INDEX AS $$
DECLARE
    culprit bigint;
BEGIN
    SELECT a.member_id INTO culprit
      FROM added a CROSS JOIN LATERAL
           (SELECT * FROM distributors_holding h
             WHERE h.member_id = a.member_id AND h.id <> a.id AND h.capacity = 'holder' OFFSET 0) h
     WHERE a.capacity = 'holder'
       AND tstzrange(a.effective_from, a.effective_until)
           && tstzrange(h.effective_from, h.effective_until) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'member % would have two holders at once', culprit
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_two_holders AFTER INSERT ON distributors_holding
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_two_holders();
CREATE TRIGGER refuse_two_holders_on_change AFTER UPDATE ON distributors_holding
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_two_holders();
""".replace("BY_INDEX", BY_INDEX)

# Whoever reads on looks for versions that were written since, and reads their members again. So a
# member's versions say, too, when its market or its holders were written.
MEMBERS_ARE_READ_AGAIN = """
CREATE FUNCTION read_holders_again() RETURNS trigger LANGUAGE plpgsql BY_INDEX AS $$
BEGIN
    UPDATE distributors_memberversion v SET xact = pg_current_xact_id()::text::bigint
      FROM changed c WHERE v.member_id = c.member_id AND v.retired_at IS NULL
       AND v.xact <> pg_current_xact_id()::text::bigint;
    RETURN NULL;
END $$;
CREATE FUNCTION read_market_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE distributors_memberversion v SET xact = pg_current_xact_id()::text::bigint
     WHERE v.member_id = NEW.id AND v.retired_at IS NULL
       AND v.xact <> pg_current_xact_id()::text::bigint;
    RETURN NULL;
END $$;
CREATE TRIGGER read_again AFTER INSERT ON distributors_holding
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION read_holders_again();
CREATE TRIGGER read_again_on_change AFTER UPDATE ON distributors_holding
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION read_holders_again();
CREATE TRIGGER read_again_without AFTER DELETE ON distributors_holding
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION read_holders_again();
CREATE TRIGGER read_again AFTER UPDATE OF market_id ON distributors_member
    FOR EACH ROW WHEN (OLD.market_id IS DISTINCT FROM NEW.market_id)
    EXECUTE FUNCTION read_market_again();
""".replace("BY_INDEX", BY_INDEX)

UNREAD_AGAIN = """
DROP TRIGGER read_again ON distributors_member;
DROP TRIGGER read_again_without ON distributors_holding;
DROP TRIGGER read_again_on_change ON distributors_holding;
DROP TRIGGER read_again ON distributors_holding;
DROP FUNCTION read_market_again();
DROP FUNCTION read_holders_again();
"""
