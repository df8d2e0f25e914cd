using System.Text;
using Oci;
using Oci.Errors;
using Vordr.Containers;
using Vordr.Locks;
using Vordr.Recovery;

namespace Vordr.Calls;

/// <summary>
/// Makes a call that is repeated under one key the same call: who repeats it waits for the first one, and gets its
/// outcome, for a day, across restarts. With other arguments it is refused (runtime.md, "Idempotency").
/// </summary>
internal sealed class IdempotentCalls(Instance instance)
{
    private const int LongestKey = 128;

    /// <summary>Makes the call, or tells what came of it before.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="operation">What is called.</param>
    /// <param name="key">The key; null makes the call as it is.</param>
    /// <param name="repeatable">Whether a call that died on the way may be made again.</param>
    /// <param name="call">Makes it. Its transactions open and complete the key that it is given.</param>
    /// <param name="retell">Makes the answer again from the recorded outcome.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<T> MakeAsync<T>(
        Caller caller,
        string operation,
        IdempotencyKey? key,
        bool repeatable,
        Func<CallKey?, Task<T>> call,
        Func<string, Task<T>> retell,
        CancellationToken cancellation
    )
    {
        if (key is null)
            return await call(null);
        Check(key);
        var scoped = new CallKey(caller.Principal, operation, key);
        var name = LockNames.Call(
            Digest.Of(Encoding.UTF8.GetBytes($"{scoped.Principal}\n{scoped.Operation}\n{key.Key}"))
        );
        using var held = await instance.Locks.TakeAsync(name, cancellation);
        try
        {
            return await MakeOrRetellAsync(scoped, repeatable, call, retell, cancellation);
        }
        finally
        {
            // The row is what is remembered; who waits for the lock makes its file anew.
            held.Unlink();
        }
    }

    private async Task<T> MakeOrRetellAsync<T>(
        CallKey key,
        bool repeatable,
        Func<CallKey?, Task<T>> call,
        Func<string, Task<T>> retell,
        CancellationToken cancellation
    )
    {
        // Whoever held it may have been killed: what it left is finished or undone before it is looked at.
        await new Reconciler(instance).ExecuteAsync(cancellation);
        return Earlier(key, repeatable) is { } outcome ? await retell(outcome) : await call(key);
    }

    private string? Earlier(CallKey key, bool repeatable) =>
        instance.Database.Write(session =>
        {
            session.ForgetOldCalls(instance.Time.GetUtcNow());
            var row = key.Find(session);
            if (row is null)
                return null;
            if (row.Arguments != key.Key.Arguments)
            {
                throw new PublicError(
                    ErrorId.IdempotencyMismatch,
                    $"The idempotency key {key.Key.Key} was used for {key.Operation} with other arguments.",
                    "Use a new key for a new request"
                );
            }
            if (row.Outcome is null && !repeatable)
            {
                throw new PublicError(
                    ErrorId.State,
                    $"The {key.Operation} with this idempotency key was cut off; whether it ran to its end isn't known.",
                    "Look at what it should have done, then use a new key"
                );
            }
            if (row.Outcome is null)
                key.Forget(session);
            return row.Outcome;
        });

    private static void Check(IdempotencyKey key)
    {
        if (key.Key.Length is 0 or > LongestKey || !key.Key.All(c => c is > ' ' and <= '~'))
        {
            throw new PublicError(ErrorId.Usage, "An idempotency key has 1 to 128 visible ASCII characters.")
            {
                Pointer = "/idempotencyKey",
            };
        }
    }
}
