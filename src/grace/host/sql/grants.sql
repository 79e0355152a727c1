-- What the role that runs may do: read and write rows, and no more. It owns nothing, and changes no table.
-- The ledger's tables are insert-only for it; of the list of migrations it may only read.
-- The role's name comes as the setting grace.app_role. Run by the owner after every migration; repeating it is harmless.
DO $$
DECLARE
    app CONSTANT text := current_setting('grace.app_role');
    protected text;
BEGIN
    IF app = current_user THEN
        RETURN;  -- an operator's single role: grace doctor complains
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I', app);
    EXECUTE format('GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO %I', app);
    EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO %I', app);
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM %I', app);
    FOREACH protected IN ARRAY ARRAY['custody_entry', 'custody_leaf', 'custody_checkpoint'] LOOP
        IF to_regclass('public.' || protected) IS NOT NULL THEN
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM %I', protected, app);
        END IF;
    END LOOP;
END
$$;
