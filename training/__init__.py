"""Programs that train the models which come with GRACE; none of them is part of the product. They need the extra ``grace-platform[train]``."""
