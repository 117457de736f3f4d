"""The tables of left messages, now empty, go; a file belongs to a conversation or to a form."""

from django.db import migrations, models
from django.db.models import Q


def refuse_to_lose_any(apps, schema_editor):
    """Stop when somebody left a message between the move and this, by an older version still running."""
    if apps.get_model("chat", "LeftMessage").objects.exists():
        raise RuntimeError("Left messages arrived after the move. Migrate chat back to 0003 and forward again.")


class Migration(migrations.Migration):
    dependencies = [("chat", "0004_left_messages_move")]
    operations = [
        migrations.RunPython(refuse_to_lose_any, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="attachment", name="attachment_has_one_owner"),
        migrations.RemoveField(model_name="attachment", name="left_message"),
        migrations.DeleteModel(name="Reply"),
        migrations.DeleteModel(name="LeftMessage"),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=Q(conversation__isnull=False, draft_key="")
                | (Q(conversation__isnull=True) & ~Q(draft_key="")),
                name="attachment_has_one_owner",
            ),
        ),
    ]
