-- The ledger against the program itself: the role that runs may add to it and read it, and nothing else.
-- Only `custody_pending`, the list of entries without a leaf, may be emptied by it: the sequencer's work.
-- The role's name comes as the setting grace.app_role. Run by the owner after every migration; repeating it is harmless.
-- It protects from the running program, not from the owner or a superuser: against those stand the signed checkpoints.
DO $$
DECLARE
    app CONSTANT text := coalesce(nullif(current_setting('grace.app_role', true), ''), 'grace_app');
    guarded text;
BEGIN
    IF app = current_user THEN
        RETURN;  -- an operator's single role: grace doctor complains
    END IF;
    FOREACH guarded IN ARRAY ARRAY[
        'custody_entry', 'custody_subject', 'custody_pending', 'custody_leaf', 'custody_node', 'custody_checkpoint'
    ] LOOP
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, %I', guarded, app);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO %I', guarded, app);
    END LOOP;
    EXECUTE format('GRANT DELETE ON custody_pending TO %I', app);
END
$$;
